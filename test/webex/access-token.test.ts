import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { AppError } from '../../src/domain/app-error.ts';
import type { TokenKeeper } from '../../src/domain/ports.ts';
import type { TokenPair } from '../../src/domain/token-life.ts';
import { type SteeredClock, steeredClock } from '../../src/ops/clock.ts';
import { AccessToken } from '../../src/webex/access-token.ts';
import { SimulatedWebex } from './simulated-webex.ts';

const DAY = 86_400_000;

let webex: SimulatedWebex;
let clock: SteeredClock;
let running: AccessToken[];
/** How often it was told that Webex answered. */
let answers: number;

beforeEach(async () => {
  webex = await SimulatedWebex.start();
  clock = steeredClock();
  running = [];
  answers = 0;
});
afterEach(async () => {
  for (const one of running) await one.close();
  await webex[Symbol.asyncDispose]();
});

/** Tokens in memory, and a wait for the next thing that happens to them. */
class Kept implements TokenKeeper {
  pair: TokenPair | null = null;
  readonly faults: string[] = [];
  #next = Promise.withResolvers<string>();

  load(): TokenPair | null {
    return this.pair;
  }

  save(pair: TokenPair): void {
    this.pair = pair;
    this.#tell('saved');
  }

  fault(error: AppError): void {
    this.faults.push(error.reason);
    this.#tell(error.reason);
  }

  /** Waits for what happens next. */
  async next(): Promise<string> {
    return await this.#next.promise;
  }

  #tell(what: string): void {
    const { resolve } = this.#next;
    this.#next = Promise.withResolvers<string>();
    resolve(what);
  }
}

async function open(kept: Kept | null, more: { readonly refresh?: string } = {}): Promise<AccessToken> {
  const { clientId, clientSecret, refreshToken } = await webex.control('GET', 'token');
  const given = more.refresh ?? refreshToken;
  const app = { clientId, clientSecret: () => clientSecret };
  const { token: _token, ...deps } = webex.deps;
  const made = new AccessToken({
    ...deps,
    clock,
    given: () => webex.cloud.context.directory.serviceApp.token,
    refreshing: kept === null ? null : { app, given: () => given, keeper: kept },
    fault: (error) => kept?.fault(error),
    answered: () => {
      answers += 1;
    },
  });
  running.push(made);
  return made;
}

async function jump(ms: number): Promise<void> {
  await webex.cloud.call('POST', '/control/clock', { body: { jumpMs: ms } });
  clock.steer(webex.cloud.steered.at(-1) ?? assert.fail());
}

const works = async (token: string) =>
  (await webex.cloud.call('GET', '/v1/people', { as: token })).status === 200;

test('asks for a token of its own at the first start, and keeps what comes back', async () => {
  const kept = new Kept();
  const access = await open(kept);
  assert.equal(access.token(), webex.cloud.context.directory.serviceApp.token);
  assert.equal(access.endsAt(), null);
  access.start();
  assert.equal(await kept.next(), 'saved');
  assert.equal(kept.pair?.accessToken, access.token());
  assert.ok(await works(access.token()));
  const days = ((access.endsAt() ?? 0) - clock.now()) / DAY;
  assert.ok(days > 89 && days <= 90, `${days} days`);
});

test('replaces the token after half of its life, again and again', async () => {
  const kept = new Kept();
  const access = await open(kept);
  access.start();
  await kept.next();
  for (let round = 0; round < 4; round += 1) {
    const before = access.token();
    const saved = kept.next();
    await jump(7 * DAY);
    assert.equal(await saved, 'saved');
    assert.notEqual(access.token(), before);
    assert.ok(await works(access.token()));
  }
  const posts = webex.requests().filter(({ path }) => path === '/v1/access_token');
  assert.equal(posts.length, 5, 'no more often than that');
});

test('goes on after a restart with what it kept', async () => {
  const kept = new Kept();
  const first = await open(kept);
  first.start();
  await kept.next();
  await first.close();
  const second = await open(kept, { refresh: 'used up long ago' });
  assert.equal(second.token(), first.token());
  const saved = kept.next();
  second.start();
  await jump(8 * DAY);
  assert.equal(await saved, 'saved');
});

test('tries again while Webex gives none, at the pace that it asks for', async () => {
  const kept = new Kept();
  await webex.fault('POST', '/access_token', { status: 429, retryAfter: '120' });
  const access = await open(kept);
  access.start();
  assert.equal(await kept.next(), 'WEBEX_THROTTLED');
  const saved = kept.next();
  await jump(119_000);
  assert.deepEqual([kept.faults.length, kept.pair, answers], [1, null, 0]);
  await jump(2_000);
  assert.equal(await saved, 'saved');
  assert.equal(answers, 1, 'that Webex is back is told');
});

test('when the refresh token is not taken any more, the end of the access token is the end', async () => {
  const kept = new Kept();
  const access = await open(kept);
  access.start();
  await kept.next();
  await webex.control('PUT', 'token', { refreshEndsInS: 0 });
  const refused = kept.next();
  await jump(7 * DAY);
  assert.equal(await refused, 'WEBEX_REFRESH_REFUSED');
  const days = ((access.endsAt() ?? 0) - clock.now()) / DAY;
  assert.ok(days > 6 && days <= 7, `${days} days`);
  assert.ok(await works(access.token()), 'meanwhile it goes on');
});

test('asks for a new token at once when Webex refuses the present one, but not in a storm', async () => {
  const kept = new Kept();
  const access = await open(kept);
  access.start();
  await kept.next();
  await webex.control('PUT', 'token', { accessEndsInS: 0 });
  access.refused();
  const early = access.token();
  await jump(60_000);
  const saved = kept.next();
  for (let n = 0; n < 20; n += 1) access.refused();
  assert.equal(await saved, 'saved');
  assert.notEqual(access.token(), early);
  assert.ok(await works(access.token()));
  const posts = webex.requests().filter(({ path }) => path === '/v1/access_token');
  assert.equal(posts.length, 2);
});

test('without the means to refresh it tells when the given token ends', async () => {
  await webex.control('PUT', 'token', { accessEndsInS: 14 * 86_400 });
  const access = await open(null);
  access.start();
  access.refused();
  await access.close();
  const days = ((access.endsAt() ?? 0) - clock.now()) / DAY;
  assert.ok(days > 13.9 && days <= 14, `${days} days`);
  assert.equal(answers, 1);
});
