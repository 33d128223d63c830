import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { makeTestTls, type TestTls } from '../net/test-certificate.ts';
import { at, book, events, NOON } from './graph-calendar.ts';
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

test('answers for a mailbox in each state as the service does, and for the others as ever', async () => {
  const made = await book(cloud, astrid, {});
  const cases = [
    [{ state: 'moved' }, 404, 'MailboxNotEnabledForRESTAPI', /on-premise/],
    [{ state: 'moving' }, 503, 'ErrorMailboxMoveInProgress', /move/],
    [{ state: 'moving', movingStatus: 423 }, 423, 'ErrorMailboxMoveInProgress', /move/],
    [{ state: 'out-of-scope' }, 403, 'ErrorAccessDenied', /\[RAOP\].*AppOnly AccessPolicy/],
    [{ state: 'throttled', retryAfter: 30 }, 429, 'ApplicationThrottled', /MailboxConcurrency/],
  ] as const;
  for (const [state, status, code, message] of cases) {
    await set(state);
    for (const answer of [await read(made), await cloud.call('PATCH', at(astrid, made), { body: {} })]) {
      assert.deepEqual([answer.status, answer.json.error.code], [status, code]);
      assert.match(answer.json.error.message, message);
    }
    assert.equal((await cloud.call('GET', events(bruno))).status, 200);
    assert.equal((await read(made, cloud.context.directory.outlook)).status, 200);
  }
  await set({ state: 'ok' });
  assert.equal((await read(made)).status, 200);
});

test('refuses only writes to a full mailbox', async () => {
  const made = await book(cloud, astrid, {});
  await set({ state: 'full' });
  assert.equal((await read(made)).status, 200);
  const question = { schedules: [astrid.address], startTime: NOON.start, endTime: NOON.end };
  const path = `/users/${astrid.entraId}/calendar/getSchedule`;
  assert.equal((await cloud.call('POST', path, { body: question })).status, 200);
  const refused = await cloud.call('POST', events(astrid), { body: NOON });
  assert.deepEqual([refused.status, refused.json.error.code], [507, 'ErrorQuotaExceeded']);
});

test('takes the rights to calendars and to settings away apart, and hits everybody when asked to', async () => {
  const settings = `/users/${astrid.entraId}/mailboxSettings`;
  await set({ state: 'out-of-scope', rights: ['settings'] });
  const [calendars, refused] = [await cloud.call('GET', events(astrid)), await cloud.call('GET', settings)];
  assert.deepEqual([calendars.status, refused.status], [200, 403]);
  await set({ state: 'moved', app: 'any' });
  const as = cloud.context.directory.outlook;
  assert.equal((await cloud.call('GET', events(astrid), { as })).status, 404);
});

test('refuses the appliance everything once the consent is withdrawn', async () => {
  const cases = [
    ['Authorization_RequestDenied', 403],
    ['Authorization_IdentityNotFound', 403],
    ['InvalidAuthenticationToken', 401],
  ] as const;
  for (const [withdrawn, status] of cases) {
    await cloud.control('PUT', 'consent', { withdrawn });
    const answer = await cloud.call('GET', '/subscriptions');
    assert.deepEqual([answer.status, answer.json.error.code], [status, withdrawn]);
    const as = cloud.context.directory.outlook;
    assert.equal((await cloud.call('GET', events(astrid), { as })).status, 200);
  }
  await cloud.control('PUT', 'consent', { withdrawn: 'empty-401' });
  const empty = await cloud.call('GET', events(astrid));
  assert.deepEqual([empty.status, empty.text], [401, '']);
  await cloud.control('PUT', 'consent', { withdrawn: false });
  assert.equal((await cloud.call('GET', events(astrid))).status, 200);
});

test('keeps states over a restart', async (t) => {
  await set({ state: 'moving' });
  await cloud.control('PUT', 'consent', { withdrawn: 'Authorization_RequestDenied' });
  await cloud.stop({ keepFiles: true });
  const second = await startCloud({ directory: cloud.directory });
  t.after(async () => await second.stop());
  assert.equal((await second.call('GET', events(astrid))).status, 403);
  await second.control('PUT', 'consent', { withdrawn: false });
  assert.equal((await second.call('GET', events(astrid))).status, 503);
});

async function set(state: object): Promise<void> {
  const answer = await cloud.control('PUT', 'mailbox-state', { mailbox: astrid.address, ...state });
  assert.equal(answer.status, 204, answer.text);
}

async function read(event: { readonly id: string }, as = cloud.context.directory.appliance): Promise<Answer> {
  return await cloud.call('GET', at(astrid, event), { as });
}
