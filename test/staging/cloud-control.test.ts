import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { mintToken } from '../../src/staging/cloud/login/access-token.ts';
import { KmsClient } from './kms-client.ts';
import { RunningCloud } from './running-cloud.ts';
import { inPath, sealedItem } from './sealed-item.ts';

const DAY_MS = 86_400_000;

let cloud: RunningCloud;
let [astrid]: readonly Person[] = [];

before(async () => {
  cloud = await RunningCloud.start();
  [astrid] = cloud.context.directory.people;
});
after(() => cloud.stop());

const steer = async (body: object | string) => await cloud.call('POST', '/control/clock', { body });
const clock = async (): Promise<{ now: number; speed: number }> =>
  (await cloud.call('GET', '/control/clock')).json;
const service = () => cloud.context.directory.serviceApp.token;
const faults = async (body: object) => await cloud.call('POST', '/control/webex/faults', { body });
const site = async () =>
  await cloud.call('GET', '/v1/meetingPreferences/sites', { as: astrid?.webexToken ?? '' });

test('shows real time until it is steered', async () => {
  const before = Date.now();
  const { now, speed } = await clock();
  assert.ok(before <= now && now <= Date.now());
  assert.equal(speed, 1);
});

test('jumps both ways, and tells the appliance so', async () => {
  const before = await clock();
  const { json } = await steer({ jumpMs: DAY_MS });
  assert.ok(json.now >= before.now + DAY_MS && json.now < before.now + DAY_MS + 60_000);
  assert.deepEqual(cloud.steered.at(-1), cloud.context.clock.state);
  await steer({ jumpMs: -DAY_MS });
  assert.ok(Math.abs((await clock()).now - before.now) < 60_000);
});

test('runs faster than real time', async () => {
  await steer({ speed: 3_600 });
  const [real, simulated] = [Date.now(), (await clock()).now];
  const reached = Promise.withResolvers<void>();
  // Simulated: a quarter of an hour; really 250 ms.
  cloud.context.clock.at(simulated + 900_000, reached.resolve);
  // The clock's own timer does not hold the process; a request does while it waits.
  const held = setInterval(() => undefined, 1_000);
  await reached.promise;
  clearInterval(held);
  assert.ok(Date.now() - real < 60_000);
  const { json } = await steer({ speed: 1 });
  assert.ok(json.now >= simulated + 900_000);
});

test('wakes who waits for a simulated instant when it jumps there', async () => {
  const reached = Promise.withResolvers<void>();
  cloud.context.clock.at((await clock()).now + 30 * DAY_MS, reached.resolve);
  let early = false;
  const cancel = cloud.context.clock.at((await clock()).now + 30 * DAY_MS, () => {
    early = true;
  });
  cancel();
  const held = setInterval(() => undefined, 1_000);
  await steer({ jumpMs: 30 * DAY_MS });
  await reached.promise;
  clearInterval(held);
  assert.equal(early, false, 'not who went away');
});

test('keeps time over a restart of the cloud', async () => {
  await steer({ jumpMs: 90 * DAY_MS, speed: 60 });
  const { state } = cloud.context.clock;
  await cloud.restart();
  assert.deepEqual(cloud.context.clock.state, state);
  await steer({ speed: 1 });
});

test('refuses an order that makes no sense, and leaves the clock alone', async () => {
  const { state } = cloud.context.clock;
  for (const body of [{ speed: 0 }, { speed: -1 }, { speed: 4_000 }, { jumpMs: 'x' }, { jump: 1 }, '{'])
    assert.equal((await steer(body)).status, 400);
  for (const jumpMs of [1e300, -1e300, 80 * 366 * DAY_MS, -30 * 366 * DAY_MS])
    assert.equal((await steer({ jumpMs })).status, 400);
  assert.deepEqual(cloud.context.clock.state, state);
});

test('refuses every order that comes from a page in a browser', async () => {
  const headers = { origin: 'https://evil.example' };
  for (const [method, path, body] of [
    ['GET', '/control/clock', undefined],
    ['POST', '/control/clock', { jumpMs: DAY_MS }],
    ['POST', '/control/kms/fault', { kind: 'down' }],
    ['POST', '/control/kms/reset', {}],
    ['POST', '/control/webex/faults', { status: 503 }],
    ['GET', '/control/webex/items', undefined],
    ['GET', '/control/webex/effects', undefined],
    ['GET', '/control/graph/writes', undefined],
  ] as const) {
    const call = body === undefined ? { headers } : { headers, body };
    assert.equal((await cloud.call(method, path, call)).status, 403, path);
  }
  assert.equal((await site()).status, 200);
});

test('loses an answer of Webex on order: what was asked for has taken effect', async () => {
  const room = async () => await cloud.call('POST', '/v1/rooms', { as: service(), body: { title: 'x' } });
  const count = async () => (await cloud.call('GET', '/control/webex/rooms')).json.rooms.length;
  await faults({ path: '/v1/rooms', method: 'POST', status: 502, when: 'after' });
  const lost = await room();
  assert.deepEqual([lost.status, lost.json.errors.length], [502, 1]);
  assert.equal(await count(), 1);
  await faults({ path: '/v1/rooms', method: 'POST', reset: true, when: 'after' });
  await assert.rejects(room());
  assert.equal(await count(), 2);
  await faults({ path: '/v1/rooms', method: 'POST', reset: true });
  await assert.rejects(room());
  assert.equal(await count(), 2);
  assert.equal((await faults({ path: '/v1/rooms' })).status, 400);
});

test('keeps faults of Webex for several calls at once, until they are taken back', async () => {
  await faults({ path: '/v1/rooms', status: 503, times: 9 });
  await faults({ path: '/v1/people', status: 500, times: 9 });
  const statuses = async () =>
    await Promise.all(
      ['rooms', 'people'].map(
        async (one) => (await cloud.call('GET', `/v1/${one}`, { as: service() })).status,
      ),
    );
  assert.deepEqual(await statuses(), [503, 500]);
  assert.equal((await cloud.call('DELETE', '/control/webex/faults')).status, 204);
  assert.deepEqual(await statuses(), [200, 200]);
});

test('lets Webex fail on order: as often, at the path and with the method that were named', async () => {
  await faults({ path: '/v1/meetingPreferences', method: 'GET', status: 429, retryAfter: '7', times: 2 });
  assert.equal((await cloud.call('GET', '/v1/people', { as: service() })).status, 200);
  assert.equal((await cloud.call('DELETE', '/v1/meetingPreferences/sites', { as: service() })).status, 405);
  for (const status of [429, 429, 200]) {
    const answer = await site();
    assert.equal(answer.status, status);
    assert.equal(answer.headers['retry-after'], status === 429 ? '7' : undefined);
  }
});

test('lets an ingest fail before it has any effect', async () => {
  const path = `/calendar/ingest/v1/users/${astrid?.webexUserId}/meetings/${inPath('a')}`;
  const put = async () =>
    (await cloud.call('PUT', path, { as: service(), body: { version: 1, item: sealedItem('a') } })).status;
  await faults({ path: '/calendar/ingest', status: 503 });
  assert.deepEqual([await put(), await put(), await put()], [503, 201, 409]);
  const { items } = (await cloud.call('GET', '/control/webex/items')).json;
  assert.deepEqual(
    items.map((one: { meetingId: string; version: number }) => [one.meetingId, one.version]),
    [['a', 1]],
  );
});

test('lets device registration fail on order', async () => {
  await faults({ path: '/wdm', status: 503 });
  const body = { deviceName: 'x', deviceType: 'WEB' };
  const register = async () =>
    (await cloud.call('POST', '/wdm/api/v1/devices', { as: astrid?.webexToken ?? '', body })).status;
  assert.deepEqual([await register(), await register()], [503, 200]);
});

test('keeps an ordered fault over a restart, and refuses one that it does not know', async () => {
  await faults({ path: '/v1', status: 500 });
  await cloud.restart();
  assert.deepEqual([(await site()).status, (await site()).status], [500, 200]);
  for (const body of [{ status: 418 }, { status: 503, times: 0 }, { status: 503, more: true }, {}])
    assert.equal((await faults(body)).status, 400);
});

test('records what comes to Webex and to the KMS, and never a token', async () => {
  const client = await KmsClient.connect(cloud, astrid ?? { webexUserId: '', webexToken: '' });
  const before = wire().length;
  await client.ask('create', '/keys', { count: 1 });
  const email = encodeURIComponent(astrid?.address ?? '');
  await cloud.call('GET', `/v1/people?email=${email}`, { as: service(), headers: { trackingid: 'mine' } });
  const path = `/calendar/ingest/v1/users/${astrid?.webexUserId}/meetings/${inPath('b')}`;
  const body = { version: 1, item: sealedItem('b') };
  await cloud.call('PUT', path, { as: service(), body });
  await cloud.call('GET', '/v1.0/me', { as: service() });
  const rows = wire().slice(before);
  assert.deepEqual(
    rows.map((row) => `${row.method} ${row.path}`),
    ['POST /kms/messages?wait=1', `GET /v1/people?email=${email}`, `PUT ${path}`],
  );
  assert.equal(rows[1]?.headers.trackingid, 'mine');
  assert.deepEqual(JSON.parse(rows[2]?.body ?? ''), body);
  const text = readFileSync(join(cloud.directory, 'webex-wire.jsonl'), 'utf8');
  for (const token of [service(), astrid?.webexToken ?? '']) assert.ok(!text.includes(token));
  assert.ok(rows.every(({ headers }) => headers.authorization === undefined));
});

test('records a request that is refused too, before it is acted on', async () => {
  const before = wire().length;
  await cloud.call('PUT', '/calendar/ingest/v1/users/x/meetings/y', { body: '{"in":"clear"}' });
  assert.deepEqual(
    wire()
      .slice(before)
      .map((row) => row.body),
    ['{"in":"clear"}'],
  );
});

test('records what reaches Graph, but not what people ask it for themselves', async () => {
  const before = wire('graph-wire.jsonl').length;
  const { appliance, outlook } = cloud.context.directory;
  const [own, peoples] = [appliance, outlook].map((app) => mintToken(cloud.context, app));
  assert.ok(own !== undefined && peoples !== undefined);
  const path = `/v1.0/users/${astrid?.entraId}/mailboxSettings`;
  await cloud.call('GET', `${path}?as=people`, { as: peoples });
  await cloud.call('GET', `${path}?as=nobody`);
  await cloud.call('PATCH', path, { as: own, body: { language: 'sv' } });
  const rows = wire('graph-wire.jsonl').slice(before);
  assert.deepEqual(
    rows.map((row) => `${row.method} ${row.path} ${row.body}`),
    [`GET ${path}?as=nobody `, `PATCH ${path} {"language":"sv"}`],
  );
  assert.ok(rows.every(({ headers }) => headers.authorization === undefined));
});

test('says what happens', async () => {
  assert.ok(cloud.told.some((line) => /the clock now shows/.test(line)));
  assert.ok(cloud.told.some((line) => /Astrid Lindqvist gains a sealed meeting/.test(line)));
  assert.ok(cloud.told.some((line) => /makes a key/.test(line)));
});

interface Row {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function wire(name = 'webex-wire.jsonl'): Row[] {
  const file = join(cloud.directory, name);
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line));
}
