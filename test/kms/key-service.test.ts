import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import type { KeyService } from '../../src/domain/ports.ts';
import { expandSecret } from '../../src/kms/channel.ts';
import { KeyCache } from '../../src/kms/key-cache.ts';
import { openKeyService } from '../../src/kms/key-service.ts';
import { HttpClient } from '../../src/net/http-client.ts';
import { SmallKms } from './small-kms.ts';

const MINUTE_MS = 60_000;
const FACTS = { validatedAt: 0, sealUntil: null };

interface Bench {
  readonly kms: SmallKms;
  readonly keys: KeyService & { close(): void };
  readonly answered: () => number;
  pass(ms: number): void;
  push(messages: readonly string[]): void;
}

async function bench(
  t: TestContext,
  o: { readonly device?: string; readonly firstTimeoutMs?: number } = {},
): Promise<Bench> {
  const kms = await new SmallKms().start();
  const http = new HttpClient({ upstream: 'kms', allowedOrigins: [kms.url] });
  let passed = 0;
  let answers = 0;
  let listener: (messages: readonly string[]) => void = () => undefined;
  const keys = openKeyService({
    http,
    url: kms.url,
    userId: randomUUID(),
    token: () => 'token',
    clientId: () => 'client',
    rootsPem: kms.rootsPem,
    eventStream: {
      deviceUrl: o.device ?? null,
      onKmsMessages: (one) => {
        listener = one;
      },
    },
    clock: { now: () => Date.now() + passed, monotonicMs: () => passed, sleep: async () => undefined },
    random: { bytes: (length) => randomBytes(length), unit: () => 0, uuid: () => randomUUID() },
    maxOfflineMs: 60 * MINUTE_MS,
    revalidateMs: 10 * MINUTE_MS,
    answered: () => {
      answers += 1;
    },
    timing: {
      firstTimeoutMs: o.firstTimeoutMs ?? 2_000,
      newChannelMs: 4 * (o.firstTimeoutMs ?? 2_000),
      giveUpMs: 7 * (o.firstTimeoutMs ?? 2_000),
    },
  });
  if (o.device !== undefined) kms.stream = (messages) => listener(messages);
  t.after(async () => {
    keys.close();
    kms.stop();
    await http.close();
  });
  return {
    kms,
    keys,
    answered: () => answers,
    pass: (ms) => {
      passed += ms;
    },
    push: (messages) => listener(messages),
  };
}

function fault(code: string, reason: string, scope: string): (thrown: unknown) => boolean {
  return (thrown) => {
    assert.ok(thrown instanceof AppError);
    assert.deepEqual(
      [thrown.code, thrown.reason, thrown.scope, thrown.upstream],
      [code, reason, scope, 'kms'],
    );
    return true;
  };
}

const text = (key: Uint8Array) => Buffer.from(key).toString('base64url');

test("The channel's key is the one of the published vector", () => {
  const shared = Buffer.from('d1552c552e0d915f71e79deb5157dac6e04d9b65031c52872960b0f786213eda', 'hex');
  assert.equal(text(expandSecret(shared)), 'QPeHzQKihjfgbXIltVpLBlgBu_kVTdp4XR23qCychx0');
});

test('Keys are made in one message, bound in one post and read back in one', async (t) => {
  const { kms, keys, answered } = await bench(t);
  const readers = [['a'], ['b', 'c'], ['d']];
  const issued = await keys.issue(readers);
  assert.equal(new Set(issued.map((one) => one.resourceUri)).size, 3);
  assert.ok(issued.every((one) => one.sealUntil === null));
  assert.deepEqual(
    kms.posts.map((one) => one.size),
    [1, 1, 3, 3],
  );
  assert.ok(kms.posts.every((one) => one.wait));
  assert.equal(answered(), 8);
  const bound = kms.requests.filter((one) => one.uri === '/resources');
  assert.deepEqual(bound.map((one) => one.userIds).sort(), readers);
  for (const { uri } of issued) assert.equal(await keys.withKey(uri, text), kms.keys.get(uri));
  assert.equal(kms.posts.length, 4);
});

test('A bound key seals until the earlier of its own end and that of its resource', async (t) => {
  const { kms, keys } = await bench(t);
  const dates = ['2031-05-06T07:08:09Z', '2031-05-06T07:08:09.123Z'] as const;
  for (const [own, resource, expected] of [
    [undefined, undefined, null],
    [dates[0], undefined, Date.parse(dates[0])],
    [undefined, dates[1], Date.parse(dates[1])],
    [dates[0], dates[1], Date.parse(dates[0])],
    [dates[1], dates[0], Date.parse(dates[0])],
  ] as const) {
    kms.sealUntil = own;
    kms.resourceUntil = resource;
    assert.equal((await keys.issue([['a']]))[0]?.sealUntil, expected);
  }
});

test('New keys may be told by their addresses only', async (t) => {
  const { kms, keys } = await bench(t);
  kms.namesKeysOnly = true;
  const [issued] = await keys.issue([['a']]);
  assert.equal(await keys.withKey(issued?.uri ?? '', text), kms.keys.get(issued?.uri ?? ''));
});

test('More than fifty requests travel in several posts', async (t) => {
  const { kms, keys } = await bench(t);
  await keys.issue(Array.from({ length: 60 }, () => ['a']));
  assert.deepEqual(
    kms.posts.map((one) => one.size).sort((a, b) => a - b),
    [1, 1, 10, 10, 50, 50],
  );
});

test('Answers arrive over the event stream, in any order and among what is for nobody here', async (t) => {
  const { kms, keys } = await bench(t, { device: 'https://wdm.example/1' });
  const uris = [kms.addKey().uri, kms.addKey().uri];
  const found = await Promise.all(uris.map((uri) => keys.withKey(uri, text)));
  assert.deepEqual(
    found,
    uris.map((uri) => kms.keys.get(uri)),
  );
  assert.ok(kms.posts.every((one) => !one.wait));
});

test('A key wanted by many at once is retrieved once', async (t) => {
  const { kms, keys } = await bench(t);
  const { uri } = kms.addKey();
  await Promise.all(Array.from({ length: 5 }, () => keys.withKey(uri, text)));
  assert.equal(kms.requests.filter((one) => one.method === 'retrieve').length, 1);
  assert.equal(kms.channels, 1);
});

test('A reset makes a new channel and repeats the request once', async (t) => {
  const { kms, keys } = await bench(t);
  const { uri } = kms.addKey();
  kms.resets = 1;
  assert.equal(await keys.withKey(uri, text), kms.keys.get(uri));
  assert.equal(kms.channels, 2);
  kms.resets = 2;
  await assert.rejects(keys.withKey(kms.addKey().uri, text), fault('unavailable', 'KMS_RESET', 'upstream'));
});

test('A channel is replaced half a minute before it expires', async (t) => {
  const { kms, keys, pass } = await bench(t);
  await keys.withKey(kms.addKey().uri, text);
  pass(kms.channelLifeMs - 29_000);
  await keys.withKey(kms.addKey().uri, text);
  assert.equal(kms.channels, 2);
});

test('A lost answer is asked for again, with a new channel after a while, and given up on in the end', async (t) => {
  const { kms, keys } = await bench(t, { firstTimeoutMs: 100 });
  const { uri } = kms.addKey();
  kms.silent = 2;
  assert.equal(await keys.withKey(uri, text), kms.keys.get(uri));
  assert.equal(kms.channels, 2);
  kms.silent = 9;
  await assert.rejects(keys.withKey(kms.addKey().uri, text), fault('unavailable', 'KMS_TIMEOUT', 'upstream'));
});

test('An altered answer is refused', async (t) => {
  const { kms, keys } = await bench(t);
  kms.flipAnswers = true;
  await assert.rejects(
    keys.withKey(kms.addKey().uri, text),
    fault('tampered', 'KMS_ANSWER_TAMPERED', 'upstream'),
  );
});

test('An unasked reset signed with the static key drops the channel', async (t) => {
  const { kms, keys, push, answered } = await bench(t);
  await keys.withKey(kms.addKey().uri, text);
  const before = answered();
  push([await kms.sign({ status: 499, requestId: randomUUID() })]);
  while (answered() === before) await new Promise((resolve) => setImmediate(resolve));
  await keys.withKey(kms.addKey().uri, text);
  assert.equal(kms.channels, 2);
});

test('A refused handshake and a refused call speak of the token', async (t) => {
  const { kms, keys } = await bench(t);
  kms.handshakeStatus = 403;
  await assert.rejects(keys.withKey(kms.addKey().uri, text), fault('forbidden', 'KMS_REFUSED', 'upstream'));
  kms.httpStatus = 401;
  await assert.rejects(keys.issue([['a']]), fault('forbidden', 'KMS_REFUSED', 'upstream'));
});

test('A key in memory is validated again when it is old, and gone once the KMS refuses it', async (t) => {
  for (const [status, code, reason, scope] of [
    [403, 'forbidden', 'KMS_KEY_REFUSED', 'job'],
    [404, 'not_found', 'KMS_KEY_GONE', 'job'],
    [405, 'forbidden', 'KMS_KEY_REVOKED', 'mailbox'],
  ] as const) {
    const { kms, keys, pass } = await bench(t);
    const { uri } = kms.addKey();
    await keys.withKey(uri, text);
    kms.keyStatus = status;
    pass(10 * MINUTE_MS - 1);
    await keys.withKey(uri, text);
    pass(1);
    await assert.rejects(keys.withKey(uri, text), fault(code, reason, scope));
    kms.httpStatus = 503;
    await assert.rejects(keys.withKey(uri, text), fault('unavailable', 'KMS_UNREACHABLE', 'upstream'));
  }
});

test('While the KMS is unreachable a key serves only for the offline limit', async (t) => {
  const { kms, keys, pass } = await bench(t);
  const { uri, jwk } = kms.addKey();
  await keys.withKey(uri, text);
  kms.stop();
  pass(60 * MINUTE_MS - 1);
  assert.equal(await keys.withKey(uri, text), jwk.k);
  pass(1);
  await assert.rejects(keys.withKey(uri, text), fault('unavailable', 'KMS_UNREACHABLE', 'upstream'));
});

test('Keys are zeroed when they leave the cache', () => {
  const cache = new KeyCache(2);
  for (const uri of ['a', 'b']) cache.put(uri, new Uint8Array(32).fill(7), FACTS);
  const [a, b] = [cache.find('a')?.bytes, cache.find('b')?.bytes];
  cache.find('a');
  cache.put('c', new Uint8Array(32).fill(7), FACTS);
  assert.deepEqual([a?.[0], b?.[0]], [7, 0]);
  cache.clear();
  assert.equal(a?.[0], 0);
});
