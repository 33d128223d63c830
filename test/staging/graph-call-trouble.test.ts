import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { makeTestTls, type TestTls } from '../net/test-certificate.ts';
import { events, NOON } from './graph-calendar.ts';
import { type Answer, type SimulatedCloud, startCloud } from './simulated-cloud.ts';

let tls: TestTls;
let cloud: SimulatedCloud;
let astrid: Person;
let bruno: Person;

before(async () => {
  tls = await makeTestTls();
});
beforeEach(async () => {
  cloud = await startCloud({ tls, https: true });
  [astrid, bruno] = cloud.context.directory.people as [Person, Person];
});
afterEach(async () => await cloud.stop());

test('asks to wait in every form: seconds, a fraction, a date, rubbish, not at all', async () => {
  const forms: readonly [unknown, (header: string | null) => boolean][] = [
    [0, (header) => header === '0'],
    ['garbage', (header) => header === 'in a while'],
    ['absent', (header) => header === null],
    [2.128, (header) => header === '2.128'],
    [{ dateInS: 300 }, (header) => Math.abs(waitFor(header) - 300_000) < 30_000],
  ];
  for (const [retryAfter, fits] of forms) {
    await order({ kind: 'throttle', retryAfter, times: 1 });
    const { status, headers, json } = await list(astrid);
    assert.deepEqual([status, json.error.code], [429, 'ApplicationThrottled']);
    assert.ok(fits(headers.get('retry-after')), JSON.stringify(retryAfter));
    cloud.context.clock.steer({ jumpMs: 310_000 });
    assert.equal((await list(astrid)).status, 200);
  }
});

test('refuses whoever does not wait as long as asked, and counts it', async () => {
  await order({ kind: 'throttle', retryAfter: 20, times: 1 });
  assert.equal((await list(astrid)).status, 429);
  assert.equal((await list(bruno)).status, 200);
  const early = await list(astrid);
  assert.equal(early.status, 429);
  assert.ok(Number(early.headers.get('retry-after')) <= 20);
  cloud.context.clock.steer({ jumpMs: 21_000 });
  assert.equal((await list(astrid)).status, 200);
  const { impatience } = JSON.parse((await cloud.control('GET', 'misbehaviour')).text);
  assert.deepEqual(impatience, [{ app: 'appliance', mailbox: astrid.entraId, early: 1 }]);
});

test('throttles a whole application and no other', async () => {
  await order({ kind: 'throttle', scope: 'app', retryAfter: 5, code: 'UnknownError', times: 1 });
  const first = await cloud.call('GET', '/subscriptions');
  assert.deepEqual(
    [first.status, first.json.error.code, first.json.error.message],
    [429, 'UnknownError', ''],
  );
  assert.equal((await list(astrid)).status, 429);
  assert.equal((await list(astrid, cloud.context.directory.outlook)).status, 200);
});

test('breaks in every form: with an error of Graph, a page, nothing; before or after the effect', async () => {
  await order({ kind: 'server-error', status: 500, times: 1 });
  assert.equal((await list(astrid)).json.error.code, 'ErrorInternalServerError');
  await order({ kind: 'server-error', status: 502, body: 'html', times: 1 });
  const page = await list(astrid);
  assert.deepEqual(
    [page.status, page.headers.get('content-type'), page.json],
    [502, 'text/html; charset=utf-8', null],
  );
  await order({ kind: 'server-error', status: 503, body: 'empty', retryAfter: 2, times: 1 });
  const empty = await list(astrid);
  assert.deepEqual([empty.status, empty.text, empty.headers.get('retry-after')], [503, '', '2']);
  const body = { ...NOON, transactionId: 'job-1' };
  await order({ kind: 'server-error', status: 504, method: 'post', times: 1 });
  assert.equal((await cloud.call('POST', events(astrid), { body })).status, 504);
  assert.equal((await list(astrid)).json.value.length, 0);
  await order({ kind: 'server-error', status: 504, when: 'after', times: 1 });
  const lost = await cloud.call('POST', events(astrid), { body });
  assert.deepEqual([lost.status, lost.headers.get('location')], [504, null]);
  const again = await cloud.call('POST', events(astrid), { body });
  assert.deepEqual([again.status, (await list(astrid)).json.value.length], [201, 1]);
});

test('cuts the connection before or after the effect', async () => {
  const body = { ...NOON, transactionId: 'job-2' };
  await order({ kind: 'reset', times: 1 });
  await assert.rejects(cloud.call('POST', events(astrid), { body }));
  assert.equal((await list(astrid)).json.value.length, 0);
  await order({ kind: 'reset', when: 'after', times: 1 });
  await assert.rejects(cloud.call('POST', events(astrid), { body }));
  const [made] = (await list(astrid)).json.value;
  assert.equal((await cloud.call('POST', events(astrid), { body })).json.id, made?.id);
});

test('lets an answer trickle without changing it', async () => {
  await cloud.call('POST', events(astrid), { body: NOON });
  const whole = await list(astrid);
  await order({ kind: 'slow-body', overMs: 200, times: 1 });
  const begun = performance.now();
  const slow = await list(astrid);
  assert.ok(performance.now() - begun >= 150);
  assert.deepEqual([slow.status, slow.text], [200, whole.text]);
});

test("refuses the appliance's fifth call to a mailbox while four are served", async () => {
  await order({ kind: 'latency', delayMs: 300, app: 'any' });
  const calls = (owner: Person, count: number, as?: Parameters<typeof list>[1]): Promise<number[]> =>
    Promise.all(Array.from({ length: count }, async () => (await list(owner, as)).status));
  const [own, other, people] = await Promise.all([
    calls(astrid, 6),
    calls(bruno, 4),
    calls(astrid, 6, cloud.context.directory.outlook),
  ]);
  assert.deepEqual(own.toSorted(), [200, 200, 200, 200, 429, 429]);
  assert.deepEqual([...other, ...people], Array(10).fill(200));
  assert.deepEqual(await calls(astrid, 4), [200, 200, 200, 200]);
});

test('repeats a run with its seed, whatever else was ordered', async () => {
  const run = async (): Promise<number[]> => {
    const statuses: number[] = [];
    for (let n = 0; n < 40; n += 1) statuses.push((await list(astrid)).status);
    return statuses;
  };
  await order({ kind: 'server-error', probability: 0.3 });
  await cloud.control('PUT', 'misbehaviour/seed', { seed: 7 });
  const first = await run();
  assert.ok(first.includes(503) && first.includes(200));
  await order({ kind: 'latency', delayMs: 1, probability: 0.5 });
  await cloud.control('PUT', 'misbehaviour/seed', { seed: 7 });
  assert.deepEqual(await run(), first);
  await cloud.control('PUT', 'misbehaviour/seed', { seed: 8 });
  assert.notDeepEqual(await run(), first);
});

test('keeps orders and what is left of them over a restart, and takes them back', async (t) => {
  const { id } = JSON.parse((await order({ kind: 'server-error', times: 2 })).text);
  assert.equal((await list(astrid)).status, 503);
  await cloud.stop({ keepFiles: true });
  const second = await startCloud({ directory: cloud.directory });
  t.after(async () => await second.stop());
  assert.equal((await second.call('GET', events(astrid))).status, 503);
  assert.equal((await second.call('GET', events(astrid))).status, 200);
  const { orders } = JSON.parse((await second.control('GET', 'misbehaviour')).text);
  assert.deepEqual([orders[0].id, orders[0].struck], [id, 2]);
  assert.equal((await second.control('DELETE', `misbehaviour/${id}`)).status, 204);
  assert.equal((await second.control('DELETE', `misbehaviour/${id}`)).status, 404);
});

test('refuses orders that it does not understand', async () => {
  const cases: readonly [string, string, object][] = [
    ['POST', 'misbehaviour', { kind: 'gremlins' }],
    ['POST', 'misbehaviour', { kind: 'drop', copies: 2 }],
    ['POST', 'misbehaviour', { kind: 'drop', probability: 2 }],
    ['POST', 'misbehaviour', { kind: 'server-error', path: '(' }],
    ['PUT', 'misbehaviour/seed', { seed: 'x' }],
    ['PUT', 'mailbox-state', { mailbox: 'a', state: 'tired' }],
    ['PUT', 'consent', { withdrawn: true }],
    ['PUT', 'room', { deleteAll: true }],
    ['POST', 'lifecycle', { event: 'birth' }],
  ];
  for (const [method, path, body] of cases) {
    assert.equal((await cloud.control(method, path, body)).status, 400, JSON.stringify(body));
  }
  assert.equal(
    (await cloud.control('POST', 'misbehaviour', { kind: 'drop', mailbox: 'nobody' })).status,
    404,
  );
  assert.equal((await cloud.control('PUT', 'mailbox-state', { mailbox: 'nobody', state: 'ok' })).status, 404);
});

function waitFor(date: string | null): number {
  return Date.parse(date ?? '') - cloud.context.clock.now();
}

async function order(misbehaviour: object): Promise<Answer> {
  const answer = await cloud.control('POST', 'misbehaviour', misbehaviour);
  assert.equal(answer.status, 201, answer.text);
  return answer;
}

async function list(owner: Person, as = cloud.context.directory.appliance): Promise<Answer> {
  return await cloud.call('GET', events(owner), { as });
}
