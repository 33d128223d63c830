import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { webexContract } from '../contract.ts';
import { type Answer, RunningCloud } from './running-cloud.ts';

const contract = webexContract();
const skip = contract === null ? 'the contract is not at hand' : false;
const ROOM = '/v1/meetingPreferences/personalMeetingRoom';
const SITES = '/v1/meetingPreferences/sites';

let cloud: RunningCloud;
let [astrid, bruno]: readonly Person[] = [];

before(async () => {
  cloud = await RunningCloud.start();
  [astrid, bruno] = cloud.context.directory.people;
});
after(() => cloud.stop());

const admin = () => cloud.context.directory.serviceApp.token;
const get = async (path: string, as = admin()): Promise<Answer> => await cloud.call('GET', path, { as });
const uuidIn = (id: string) => Buffer.from(id, 'base64url').toString();

test("answers in the shapes of Webex's own description", { skip }, async () => {
  const email = encodeURIComponent(astrid?.address ?? '');
  const { id } = valid('GET /people', await get(`/v1/people?email=${email}`)).items[0];
  valid('GET /people', await get('/v1/people'));
  valid('GET /people', await get(`/v1/people?id=${id},nobody`));
  valid('GET /people/{personId}', await get(`/v1/people/${id}`));
  valid('GET /people/me', await get('/v1/people/me', astrid?.webexToken));
  const [workspace] = valid('GET /workspaces', await get('/v1/workspaces?includeDevices=true')).items;
  valid('GET /workspaces', await get('/v1/workspaces'));
  valid('GET /workspaces/{workspaceId}', await get(`/v1/workspaces/${workspace.id}`));
  valid('GET /meetingPreferences/personalMeetingRoom', await get(`${ROOM}?userEmail=${email}`));
  valid('GET /meetingPreferences/sites', await get(`${SITES}?userEmail=${email}`));
});

test('is held to a description that knows a made-up member and a made-up status', { skip }, () => {
  assert.deepEqual(contract?.validate('GET /people', 200, { items: [] }), []);
  assert.notDeepEqual(contract?.validate('GET /people', 200, { items: [{ surname: 'x' }] }), []);
  assert.notDeepEqual(contract?.validate('GET /people', 200, { items: {} }), []);
  assert.notDeepEqual(contract?.validate('GET /people', 418, {}), []);
  assert.notDeepEqual(contract?.validate('GET /people', 404, { errors: 'none' }), []);
});

test("refuses in the shape of Webex's errors", { skip }, async () => {
  const operations = {
    'GET /people': '/v1/people',
    'GET /workspaces': '/v1/workspaces',
    'GET /meetingPreferences/personalMeetingRoom': ROOM,
    'GET /meetingPreferences/sites': SITES,
  };
  for (const [operation, path] of Object.entries(operations)) {
    invalid(operation, 401, await cloud.call('GET', path));
    invalid(operation, 401, await get(path, 'made-up'));
    invalid(operation, 405, await cloud.call('DELETE', path, { as: admin() }));
    for (const status of [403, 423, 429, 500, 503]) {
      const body = { path, status, retryAfter: '2' };
      await cloud.call('POST', '/control/webex/faults', { body });
      const answer = invalid(operation, status, await get(path));
      assert.equal(answer.headers['retry-after'], '2');
    }
  }
  invalid('GET /people', 400, await get('/v1/people?max=0'));
  invalid('GET /people', 400, await get(`/v1/people?id=${Array(86).fill('x')}`));
  invalid('GET /people', 400, await get('/v1/people', astrid?.webexToken));
  invalid('GET /people/{personId}', 404, await get('/v1/people/nobody'));
  invalid('GET /workspaces', 403, await get('/v1/workspaces', astrid?.webexToken));
  invalid('GET /workspaces', 400, await get('/v1/workspaces?start=-1'));
  invalid('GET /workspaces/{workspaceId}', 404, await get('/v1/workspaces/nothing'));
  invalid('GET /meetingPreferences/personalMeetingRoom', 404, await get(`${ROOM}?userEmail=a@b.example`));
  invalid('GET /meetingPreferences/sites', 404, await get(`${SITES}?siteUrl=other.webex.com`));
});

test('finds people by address in any case, by the beginning of their name, and by id', async () => {
  const address = astrid?.address ?? '';
  const { items } = (await get(`/v1/people?email=${address.toUpperCase()}`)).json;
  assert.equal(items.length, 1);
  assert.deepEqual(items[0].emails, [address]);
  assert.equal(uuidIn(items[0].id), `ciscospark://us/PEOPLE/${astrid?.webexUserId}`);
  assert.equal(items[0].status, 'active');
  const byName = (await get('/v1/people?displayName=astrid', bruno?.webexToken)).json.items;
  assert.deepEqual(
    byName.map((one: { id: string }) => one.id),
    [items[0].id],
  );
  const without = (await get(`/v1/people?email=${address}&excludeStatus=true`)).json.items[0];
  const { status: _status, lastActivity: _lastActivity, ...rest } = items[0];
  assert.deepEqual(without, rest);
  const byId = (await get(`/v1/people?id=${items[0].id},nobody`)).json;
  assert.deepEqual(byId, { notFoundIds: ['nobody'], items: [rest] });
  assert.deepEqual((await get('/v1/people?email=nobody@nordwind.example')).json, { items: [] });
});

test('tells everybody about themselves', async () => {
  const { json } = await get('/v1/people/me', bruno?.webexToken);
  assert.equal(json.displayName, bruno?.name);
  assert.equal((await get('/v1/people/me')).status, 404, 'the service app is no person');
});

test('pages by Link, and every page keeps what was asked for', async () => {
  const first = await get('/v1/workspaces?max=2&includeDevices=true');
  assert.equal(first.json.items.length, 2);
  const second = await get(nextOf(first) ?? '');
  assert.equal(second.json.items.length, 1);
  assert.equal(nextOf(second), null);
  const all = [...first.json.items, ...second.json.items];
  assert.deepEqual(
    all.map((one) => one.calendar.emailAddress),
    cloud.context.directory.rooms.map((room) => room.address),
  );
  assert.ok(all.every((one) => one.devices.length === 1));

  const people: string[] = [];
  for (let at: string | null = '/v1/people?max=3'; at !== null; ) {
    const answer = await get(at);
    people.push(...answer.json.items.map((one: { displayName: string }) => one.displayName));
    at = nextOf(answer);
  }
  assert.deepEqual(
    people,
    cloud.context.directory.people.map(({ name }) => name),
  );
  assert.deepEqual((await get('/v1/workspaces?start=99')).json, { items: [] });
  for (const query of ['max=0', 'max=x', 'max=1.5', 'start=-1', 'start=1e3'])
    assert.equal((await get(`/v1/workspaces?${query}`)).status, 400, query);
});

test('chooses workspaces by what they are', async () => {
  const [room] = cloud.context.directory.rooms;
  const names = async (query: string) =>
    (await get(`/v1/workspaces?${query}`)).json.items.map((one: { displayName: string }) => one.displayName);
  assert.deepEqual(await names(`displayName=${encodeURIComponent(room?.name ?? '')}`), [room?.name]);
  assert.equal((await names('calendar=microsoft&type=meetingRoom')).length, 3);
  assert.deepEqual(await names('calendar=google'), []);
  assert.deepEqual(await names('locationId=elsewhere'), []);
});

test('shows the room device of a workspace only when asked, under the id of its team', async () => {
  const [plain] = (await get('/v1/workspaces')).json.items;
  assert.equal(plain.devices, undefined);
  const [full] = (await get('/v1/workspaces?includeDevices=true')).json.items;
  const { deviceId } = cloud.context.directory.rooms[0] ?? {};
  assert.match(uuidIn(full.devices[0].id), new RegExp(`^ciscospark://urn:TEAM:[^/]+/DEVICE/${deviceId}$`));
  assert.equal(full.devices[0].workspaceId, plain.id);
});

test('gives a personal room with all that one joins by, the same over a restart', async () => {
  const room = async (person: Person | undefined) => (await get(`${ROOM}?userEmail=${person?.address}`)).json;
  const mine = await room(astrid);
  assert.equal(mine.personalMeetingRoomLink, `https://nordwind.webex.com/meet/${astrid?.roomName}`);
  assert.equal(mine.sipAddress, `${astrid?.roomName}@nordwind.webex.com`);
  assert.match(mine.telephony.accessCode, /^[1-9]\d{9}$/);
  assert.match(mine.hostPin, /^[1-9]\d{3}$/);
  assert.notEqual((await room(bruno)).telephony.accessCode, mine.telephony.accessCode);
  await cloud.restart();
  assert.deepEqual(await room(astrid), mine);
});

test('never shows a user the personal room of another', async () => {
  const own = (await get(ROOM, bruno?.webexToken)).json;
  assert.deepEqual((await get(`${ROOM}?userEmail=${astrid?.address}`, bruno?.webexToken)).json, own);
  assert.match(own.personalMeetingRoomLink, new RegExp(`/meet/${bruno?.roomName}$`));
  assert.equal((await get(ROOM)).status, 404, 'the service app has none');
  assert.equal((await get(ROOM, cloud.context.directory.rooms[0]?.webexToken)).status, 404);
});

test('tells the default site', async () => {
  const path = `${SITES}?userEmail=${astrid?.address}`;
  assert.deepEqual((await get(path)).json, { sites: [{ siteUrl: 'nordwind.webex.com', default: true }] });
});

function valid(operation: string, { status, json, text }: Answer) {
  assert.equal(status, 200, text);
  assert.deepEqual(contract?.validate(operation, status, json), [], operation);
  return json;
}

function invalid(operation: string, status: number, answer: Answer): Answer {
  assert.equal(answer.status, status, `${operation}: ${answer.text}`);
  assert.deepEqual(contract?.validate(operation, status, answer.json), [], operation);
  const { message, errors, trackingId } = answer.json;
  assert.ok(message !== '' && errors[0].description !== '' && trackingId !== '');
  return answer;
}

function nextOf({ headers }: Answer): string | null {
  return /^<([^>]+)>; rel="next"$/.exec(String(headers.link ?? ''))?.[1] ?? null;
}
