import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { publicId } from '../../src/staging/cloud/webex/public-id.ts';
import { RunningCloud } from './running-cloud.ts';
import { WebexCalls } from './webex-calls.ts';

const HOUR = 3_600_000;

let cloud: RunningCloud;
let app: WebexCalls;
let [astrid, bruno]: readonly Person[] = [];

before(async () => {
  cloud = await RunningCloud.start();
  [astrid, bruno] = cloud.context.directory.people;
  app = new WebexCalls(cloud, cloud.context.directory.serviceApp.token);
});
after(() => cloud.stop());

const as = (person: Person | undefined) => new WebexCalls(cloud, person?.webexToken ?? '');
const idOf = (person: Person | undefined) => publicId('PEOPLE', person?.webexUserId ?? '');
const made = async (more: object = {}) =>
  (await app.call('POST', '/v1/rooms', { title: 'Meeting', ...more })).json;
const add = async (roomId: string, personId: string, by = app) =>
  (await by.call('POST', '/v1/memberships', { roomId, personId })).status;

test('makes a space whose only member is its maker', async () => {
  const room = await made({ description: 'mark-1' });
  assert.deepEqual([room.title, room.description, room.type], ['Meeting', 'mark-1', 'group']);
  const members = await app.items(`/v1/memberships?roomId=${room.id}`);
  assert.deepEqual(
    members.map(({ personId }) => personId),
    [publicId('PEOPLE', cloud.context.directory.serviceApp.userId)],
  );
  assert.equal((await as(astrid).get(`/v1/rooms/${room.id}`)).status, 404, 'to others it is not there');
});

test('adds a person once, by id or address', async () => {
  const { id } = await made();
  assert.equal(await add(id, idOf(astrid)), 200);
  assert.equal(await add(id, idOf(astrid)), 409);
  const byAddress = await app.call('POST', '/v1/memberships', { roomId: id, personEmail: bruno?.address });
  assert.equal(byAddress.json.personId, idOf(bruno));
  assert.equal((await as(bruno).get(`/v1/rooms/${id}`)).status, 200);
  assert.equal((await app.items(`/v1/memberships?roomId=${id}&max=2`)).length, 3);
  const [membership] = await app.items(`/v1/memberships?roomId=${id}&personEmail=${bruno?.address}`);
  assert.equal((await app.call('DELETE', `/v1/memberships/${membership.id}`)).status, 204);
  assert.equal((await app.call('DELETE', `/v1/memberships/${membership.id}`)).status, 404);
  assert.equal((await as(bruno).get(`/v1/rooms/${id}`)).status, 404);
});

test('lists the newest space first, and each only to its members', async () => {
  const [first, second] = [await made(), await made()];
  const ids = (await app.items('/v1/rooms?type=group&sortBy=created&max=1')).map(({ id }) => id);
  assert.ok(ids.indexOf(second.id) < ids.indexOf(first.id));
  assert.deepEqual(await as(bruno).items('/v1/rooms'), []);
  assert.deepEqual(await app.items('/v1/rooms?type=direct'), []);
  assert.deepEqual((await as(astrid).items('/v1/memberships')).length, 1, 'where she was added before');
});

test('gives a space its meeting, whose host is who made it', async () => {
  const { id } = await made();
  const start = Math.ceil(cloud.context.clock.now() / HOUR) * HOUR + HOUR;
  const body = {
    title: 'Meeting',
    roomId: id,
    start: new Date(start).toISOString(),
    end: new Date(start + HOUR).toISOString(),
    sendEmail: false,
    integrationTags: ['space-1'],
  };
  const meeting = (await app.call('POST', '/v1/meetings', body)).json;
  assert.equal(meeting.roomId, id);
  const found = await app.items(`/v1/meetings?roomId=${id}`);
  assert.deepEqual([found.length, found[0].id], [1, meeting.id]);
  assert.equal((await app.call('DELETE', `/v1/meetings/${meeting.id}?sendEmail=false`)).status, 204);
  assert.equal((await as(astrid).call('POST', '/v1/meetings', body)).status, 404, 'she is not in it');
});

test('deletes a space with its memberships', async () => {
  const { id } = await made();
  await add(id, idOf(astrid));
  assert.equal((await as(bruno).call('DELETE', `/v1/rooms/${id}`)).status, 404);
  assert.equal((await app.call('DELETE', `/v1/rooms/${id}`)).status, 204);
  assert.equal((await app.get(`/v1/rooms/${id}`)).status, 404);
  const { memberships } = (await cloud.call('GET', '/control/webex/memberships')).json;
  assert.ok(memberships.every((one: { roomId: string }) => publicId('ROOM', one.roomId) !== id));
});

test('a locked space is deleted by its moderators only', async () => {
  const { id } = await made({ isLocked: true });
  await add(id, idOf(astrid));
  assert.equal((await as(astrid).call('DELETE', `/v1/rooms/${id}`)).status, 403);
  assert.equal((await app.call('DELETE', `/v1/rooms/${id}`)).status, 204);
});

test('refuses what Webex refuses', async () => {
  const { id } = await made();
  const refused: [string, string, object | undefined, number][] = [
    ['POST', '/v1/rooms', {}, 400],
    ['POST', '/v1/rooms', { title: '' }, 400],
    ['POST', '/v1/rooms', { title: 'x', isPublic: true }, 400],
    ['POST', '/v1/rooms', { title: 'x', isAnnouncementOnly: true }, 400],
    ['POST', '/v1/memberships', { roomId: id }, 400],
    ['POST', '/v1/memberships', { roomId: id, personId: 'nobody' }, 404],
    ['POST', '/v1/memberships', { roomId: 'nowhere', personId: idOf(astrid) }, 404],
    ['GET', '/v1/rooms?sortBy=title', undefined, 400],
    ['GET', '/v1/rooms/nowhere', undefined, 404],
    ['GET', '/v1/memberships?roomId=nowhere', undefined, 404],
    ['GET', '/v1/memberships?personEmail=nobody@nordwind.example', undefined, 404],
    ['DELETE', '/v1/rooms/nowhere', undefined, 404],
  ];
  for (const [method, path, body, status] of refused) {
    const answer = await app.call(method, path, body, false);
    assert.equal(answer.status, status, `${method} ${path} ${answer.text}`);
  }
});

test('lists and deletes spaces on the control API, and keeps them over a restart', async () => {
  const { id } = await made({ description: 'kept' });
  await cloud.restart();
  const { rooms } = (await cloud.call('GET', '/control/webex/rooms')).json;
  const kept = rooms.find((one: { description: string }) => one.description === 'kept');
  assert.equal(publicId('ROOM', kept.id), id);
  assert.equal((await cloud.call('DELETE', `/control/webex/rooms/${kept.id}`)).status, 204);
  assert.equal((await cloud.call('DELETE', `/control/webex/rooms/${kept.id}`)).status, 404);
  assert.equal((await app.get(`/v1/rooms/${id}`)).status, 404);
});
