import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import type { Device } from './device.ts';
import { type Answer, RunningCloud } from './running-cloud.ts';
import { inPath, jwe, KEY } from './sealed-item.ts';

const MINUTE_MS = 60_000;

let cloud: RunningCloud;
let [astrid, bruno]: readonly Person[] = [];

before(async () => {
  cloud = await RunningCloud.start();
  [astrid, bruno] = cloud.context.directory.people;
});
after(() => cloud.stop());

const service = () => cloud.context.directory.serviceApp.token;
const pathOf = (id: string, userId = astrid?.webexUserId) =>
  `/calendar/ingest/v1/users/${userId}/reminders/${inPath(id)}`;
const at = (minutes: number) => new Date(cloud.context.clock.now() + minutes * MINUTE_MS).toISOString();
const reminder = (id: string, more: object = {}) => ({
  id,
  start: at(5),
  end: at(35),
  encryptionKeyUrl: KEY,
  meetingJoinInfo: { meetingJoinURL: jwe(), meetingJoinURI: jwe() },
  ...more,
});
const put = async (id: string, version: unknown, told: object = reminder(id)): Promise<Answer> =>
  await cloud.call('PUT', pathOf(id), { as: service(), body: { version, reminder: told } });
const withdraw = async (id: string, version: number): Promise<Answer> =>
  await cloud.call('DELETE', `${pathOf(id)}?version=${version}`, { as: service() });
const eventsOf = ({ frames }: Device) =>
  frames
    .filter(({ data }) => data?.eventType.startsWith('calendar.reminder.'))
    .map(({ data }) => `${data.eventType.slice(18)} ${Object(data).calendarReminderExternal.id}`);

test('what is told once is shown once, on every connected device of that user alone', async () => {
  assert.ok(astrid !== undefined && bruno !== undefined);
  const [app, stranger] = [await cloud.device(astrid), await cloud.device(bruno)];
  const outcomes = [];
  const from = cloud.context.clock.now();
  for (const version of [1, 1, 2]) outcomes.push((await put('one', version)).json.outcome);
  outcomes.push((await withdraw('one', 3)).json.outcome, (await withdraw('one', 4)).json.outcome);
  assert.deepEqual(outcomes, ['created', 'fenced', 'updated', 'withdrawn', 'withdrawn']);
  await app.settle();
  await stranger.settle();
  assert.deepEqual(eventsOf(app), ['create one', 'update one', 'delete one']);
  assert.deepEqual(eventsOf(stranger), []);
  const { json } = await cloud.call('GET', '/control/webex/reminders');
  const arrivals: { at: number; kind: string; meetingId: string }[] = json.arrivals;
  const own = arrivals.filter(({ meetingId }) => meetingId === 'one');
  assert.deepEqual(
    own.map(({ kind }) => kind),
    ['created', 'updated', 'withdrawn', 'withdrawn'],
  );
  assert.ok(own.every((one) => one.at >= from && one.at <= cloud.context.clock.now()));
});

test('who connects later sees what stands, and nothing that has lapsed or was taken away', async () => {
  assert.ok(astrid !== undefined);
  await put('stands', 1);
  await put('lapses', 1, reminder('lapses', { end: at(6) }));
  await put('gone', 1);
  await withdraw('gone', 2);
  await cloud.call('POST', '/control/clock', { body: { jumpMs: 10 * MINUTE_MS } });
  const app = await cloud.device(astrid);
  await app.settle();
  assert.deepEqual(eventsOf(app), ['create stands']);
  assert.equal((await put('lapses', 2)).json.outcome, 'created', 'nothing was shown any more');
});

test('it is kept over a restart', async () => {
  await put('kept', 4);
  await cloud.restart();
  assert.deepEqual((await put('kept', 4)).json, { outcome: 'fenced', version: 4 });
});

test('takes nothing that is not sealed, not whole, or not from the service app', async () => {
  const bad = [
    { meetingJoinInfo: { meetingJoinURL: 'https://example.com/join' } },
    { meetingJoinInfo: { meetingJoinURL: jwe({ alg: 'dir', enc: 'A256GCM', kid: `${KEY}0` }) } },
    { meetingJoinInfo: undefined },
    { end: undefined },
    { end: at(0), start: at(5) },
    { subject: jwe() },
    { id: 'another' },
  ];
  for (const more of bad) assert.equal((await put('bad', 9, reminder('bad', more))).status, 400);
  for (const version of [0, '1', 1.5]) assert.equal((await put('bad', version)).status, 400);
  assert.equal((await cloud.call('DELETE', pathOf('bad'), { as: service() })).status, 400);
  const body = { version: 1, reminder: reminder('bad') };
  assert.equal((await cloud.call('PUT', pathOf('bad'), { as: astrid?.webexToken ?? '', body })).status, 403);
  assert.equal((await cloud.call('PUT', pathOf('bad'), { body })).status, 401);
  const nobody = '00000000-0000-4000-8000-000000000000';
  assert.equal((await cloud.call('PUT', pathOf('bad', nobody), { as: service(), body })).status, 404);
  assert.equal((await put('bad', 1)).status, 201);
});
