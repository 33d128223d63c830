import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import type { Device } from './device.ts';
import { type Answer, RunningCloud } from './running-cloud.ts';
import { inPath, sealedItem } from './sealed-item.ts';

let cloud: RunningCloud;
let [astrid, bruno]: readonly Person[] = [];

before(async () => {
  cloud = await RunningCloud.start();
  [astrid, bruno] = cloud.context.directory.people;
});
after(() => cloud.stop());

const service = () => cloud.context.directory.serviceApp.token;
const pathOf = (id: string, userId = astrid?.webexUserId) =>
  `/calendar/ingest/v1/users/${userId}/meetings/${inPath(id)}`;
const put = async (id: string, version: number, item: object = sealedItem(id)): Promise<Answer> =>
  await cloud.call('PUT', pathOf(id), { as: service(), body: { version, item } });
const withdraw = async (id: string, version: number | string): Promise<Answer> =>
  await cloud.call('DELETE', `${pathOf(id)}?version=${version}`, { as: service() });
const list = async (person: Person | undefined): Promise<{ id: string }[]> => {
  const range = 'fromDate=2026-03-01T00:00:00Z&toDate=2026-03-02T00:00:00Z';
  const path = `/calendar/api/v1/calendarEvents?${range}`;
  return (await cloud.call('GET', path, { as: person?.webexToken ?? '' })).json.items;
};
const listedIds = async (): Promise<string[]> => (await list(astrid)).map(({ id }) => id);

test('creates, updates and withdraws an item, and fences what is not newer', async () => {
  const id = 'AAMk/a+b=';
  const step = async (asked: Promise<Answer>, status: number, json: object): Promise<void> => {
    const answer = await asked;
    assert.deepEqual([answer.status, answer.json], [status, json]);
  };
  await step(put(id, 3), 201, { outcome: 'created' });
  await step(put(id, 3), 409, { outcome: 'fenced', version: 3 });
  await step(put(id, 2), 409, { outcome: 'fenced', version: 3 });
  await step(put(id, 5), 200, { outcome: 'updated' });
  await step(withdraw(id, 5), 409, { outcome: 'fenced', version: 5 });
  assert.deepEqual(await listedIds(), [id]);
  await step(withdraw(id, 6), 200, { outcome: 'withdrawn' });
  assert.deepEqual(await listedIds(), []);
});

test('keeps a tombstone: an older version does not come back, a newer one does', async () => {
  await put('back', 1);
  await withdraw('back', 4);
  assert.deepEqual((await put('back', 3)).json, { outcome: 'fenced', version: 4 });
  assert.deepEqual(await listedIds(), []);
  assert.deepEqual((await put('back', 5)).json, { outcome: 'created' });
  assert.deepEqual(await listedIds(), ['back']);
  await withdraw('back', 6);
});

test('withdraws what it never had, so that a late create stays out', async () => {
  assert.deepEqual((await withdraw('late', 7)).json, { outcome: 'withdrawn' });
  assert.equal((await put('late', 6)).status, 409);
  assert.deepEqual(await listedIds(), []);
});

test('keeps items, versions and tombstones over a restart', async () => {
  await put('kept', 9);
  await put('gone', 1);
  await withdraw('gone', 2);
  await cloud.restart();
  assert.deepEqual(await listedIds(), ['kept']);
  assert.equal((await put('kept', 9)).status, 409);
  assert.equal((await put('gone', 2)).status, 409);
  await withdraw('kept', 10);
});

test('tells what it did, one effect for each that had any', async () => {
  await put('counted', 1);
  await put('counted', 1);
  await put('counted', 2);
  await withdraw('counted', 3);
  const { json } = await cloud.call('GET', '/control/webex/effects');
  const mine = json.effects.filter((one: { meetingId: string }) => one.meetingId === 'counted');
  assert.deepEqual(
    mine.map((one: { kind: string; version: number; start: string }) => [one.kind, one.version, one.start]),
    [
      ['created', 1, '2026-03-01T09:00:00.000Z'],
      ['updated', 2, '2026-03-01T09:00:00.000Z'],
      ['withdrawn', 3, null],
    ],
  );
  assert.ok(mine.every((one: { userId: string }) => one.userId === astrid?.webexUserId));
});

test('takes items from the service app only', async () => {
  const body = { version: 1, item: sealedItem('mine') };
  assert.equal((await cloud.call('PUT', pathOf('mine'), { body })).status, 401);
  assert.equal((await cloud.call('PUT', pathOf('mine'), { body, as: 'made-up' })).status, 401);
  const room = cloud.context.directory.rooms[0];
  for (const as of [astrid?.webexToken ?? '', room?.webexToken ?? '']) {
    assert.equal((await cloud.call('PUT', pathOf('mine'), { body, as })).status, 403);
    assert.equal((await cloud.call('DELETE', `${pathOf('mine')}?version=1`, { as })).status, 403);
  }
  assert.deepEqual(await listedIds(), []);
});

test('takes items for people and rooms that it knows, whatever the case of their id', async () => {
  const to = async (userId: string | undefined, version: number) =>
    (
      await cloud.call('PUT', pathOf('known', userId), {
        as: service(),
        body: { version, item: sealedItem('known') },
      })
    ).status;
  assert.equal(await to(cloud.context.directory.rooms[0]?.webexUserId, 1), 201);
  assert.equal(await to(bruno?.webexUserId.toUpperCase(), 1), 201);
  assert.equal((await list(bruno)).length, 1);
  assert.equal(await to(randomUUID(), 1), 404);
});

test('refuses a delivery that is too large, of another type, or no JSON', async () => {
  const item = sealedItem('large', { meetingSensitivity: 'é'.repeat(1_100_000) });
  assert.equal((await put('large', 1, item)).status, 413);
  const send = async (body: string, type: string) =>
    (await cloud.call('PUT', pathOf('x'), { as: service(), body, headers: { 'content-type': type } })).status;
  const whole = JSON.stringify({ version: 1, item: sealedItem('x') });
  assert.equal(await send(whole, 'text/plain'), 415);
  assert.equal(await send(whole.slice(1), 'application/json'), 400);
  assert.equal(await send(whole, 'application/json; charset=utf-8'), 201);
  await withdraw('x', 2);
});

test('refuses a version that is none, and an id that differs from the path', async () => {
  for (const version of [0, -1, 1.5, '1', null]) {
    const body = { version, item: sealedItem('v') };
    assert.equal((await cloud.call('PUT', pathOf('v'), { as: service(), body })).status, 400);
  }
  for (const version of ['', '0', '-1', '1.5', '1e3', 'x', '99999999999999999999'])
    assert.equal((await withdraw('v', version)).status, 400);
  assert.equal((await cloud.call('DELETE', pathOf('v'), { as: service() })).status, 400);
  assert.equal((await put('v', 1, sealedItem('another'))).status, 400);
});

test('pushes what changes to the connected devices of that user, and to no one else', async () => {
  assert.ok(astrid !== undefined && bruno !== undefined);
  const [one, other, stranger] = [
    await cloud.device(astrid),
    await cloud.device(astrid),
    await cloud.device(bruno),
  ];
  const item = sealedItem('pushed');
  await put('pushed', 1, item);
  await put('pushed', 2, item);
  await put('pushed', 2, item);
  await withdraw('pushed', 3);
  await withdraw('pushed', 4);
  for (const device of [one, other]) {
    await device.settle();
    assert.deepEqual(eventsOf(device), [
      ['calendar.meeting.create', 'pushed'],
      ['calendar.meeting.update', 'pushed'],
      ['calendar.meeting.delete', 'pushed'],
    ]);
  }
  await stranger.settle();
  assert.deepEqual(eventsOf(stranger), []);
  const created = (await one.event('calendar.meeting.create')).data.calendarMeetingExternal;
  assert.equal(created?.encryptedSubject, item.encryptedSubject, 'still sealed');
  assert.match(String(created?.notesUrl), /\/notes$/);
  const deleted = (await one.event('calendar.meeting.delete')).data.calendarMeetingExternal;
  assert.deepEqual(deleted, { id: 'pushed' });
});

function eventsOf(device: Device): [string, string | undefined][] {
  return device.frames
    .filter(({ data }) => data?.eventType.startsWith('calendar.'))
    .map(({ data }) => [data.eventType, data.calendarMeetingExternal?.id]);
}
