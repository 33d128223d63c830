import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { RunningCloud } from './running-cloud.ts';
import { WebexCalls } from './webex-calls.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let cloud: RunningCloud;
let admin: WebexCalls;
let own: WebexCalls;
let [astrid, bruno]: readonly Person[] = [];

before(async () => {
  cloud = await RunningCloud.start();
  [astrid, bruno] = cloud.context.directory.people;
  admin = new WebexCalls(cloud, cloud.context.directory.serviceApp.token);
  own = new WebexCalls(cloud, astrid?.webexToken ?? '');
});
after(() => cloud.stop());
afterEach(async () => {
  for (const { id } of (await control('GET', 'meetings')).json.meetings)
    await control('DELETE', `meetings/${id}`);
  await control('PUT', 'scheduling', {});
});

const control = async (method: string, path: string, body?: object) =>
  await cloud.call(method, `/control/webex/${path}`, body === undefined ? {} : { body });
const instant = (ms: number) => new Date(ms).toISOString();
/** On a whole hour, so many days from now. */
const inDays = (days: number) => Math.ceil(cloud.context.clock.now() / HOUR) * HOUR + days * DAY;
const meeting = (more: object = {}, start = inDays(1)) => ({
  title: 'Meeting',
  start: instant(start),
  end: instant(start + HOUR),
  hostEmail: astrid?.address,
  sendEmail: false,
  integrationTags: ['tag-1'],
  ...more,
});
const made = async (more: object = {}, start?: number) => {
  const answer = await admin.call('POST', '/v1/meetings', meeting(more, start));
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
const byTag = (tag: string, more = '') => {
  const from = encodeURIComponent(instant(inDays(-1)));
  const to = encodeURIComponent(instant(inDays(400)));
  return admin.items(
    `/v1/meetings?integrationTag=${tag}&hostEmail=${astrid?.address}&from=${from}&to=${to}${more}`,
  );
};

test('makes a meeting with all that one joins by, and finds it again by its tag', async () => {
  const one = await made();
  assert.match(one.webLink, /^https:\/\/nordwind\.webex\.com\/nordwind\/j\.php\?MTID=m[0-9a-f]{32}$/);
  assert.match(one.meetingNumber, /^\d{11}$/);
  assert.equal(one.sipAddress, `${one.meetingNumber}@nordwind.webex.com`);
  assert.match(one.phoneAndVideoSystemPassword, /^\d{8}$/);
  assert.equal(one.hostEmail, astrid?.address);
  assert.equal(one.start, instant(inDays(1)).replace('.000', ''));
  const [found, ...more] = await byTag('tag-1');
  assert.deepEqual([found.id, more.length], [one.id, 0]);
  assert.deepEqual(await byTag('tag-2'), []);
  const tagged = `/v1/meetings?integrationTag=tag-1&from=${instant(0)}&to=${instant(inDays(9))}`;
  assert.deepEqual(await own.items(tagged), [], 'tags are the integration’s own');
});

test('makes the same call twice into two meetings: there is no idempotency but the tag', async () => {
  await made();
  await made();
  assert.equal((await byTag('tag-1')).length, 2);
});

test('lists the coming week unless it is told another time', async () => {
  await made({}, inDays(3));
  await made({}, inDays(30));
  assert.equal((await admin.items(`/v1/meetings?hostEmail=${astrid?.address}`)).length, 1);
  assert.equal((await byTag('tag-1')).length, 2);
  assert.equal((await byTag('tag-1', '&max=1')).length, 2, 'over two pages');
});

test('gives a meeting to its host only', async () => {
  const { id } = await made();
  const path = `/v1/meetings/${id}`;
  assert.equal((await own.get(path)).status, 200);
  assert.equal((await admin.get(`${path}?hostEmail=${astrid?.address}`)).json.id, id);
  assert.equal((await admin.get(path)).status, 404);
  assert.equal((await admin.get(`${path}?hostEmail=${bruno?.address}`)).status, 404);
  assert.equal((await admin.get(`${path}?hostEmail=nobody@nordwind.example`)).status, 404);
  assert.equal((await own.get(`${path}?hostEmail=${bruno?.address}`)).status, 403);
});

test('finds a meeting under its number and its link', async () => {
  const { id, meetingNumber, webLink } = await made({}, inDays(40));
  const host = `hostEmail=${astrid?.address}`;
  const ids = async (query: string) =>
    (await admin.items(`/v1/meetings?${host}&${query}`)).map((one: { id: string }) => one.id);
  assert.deepEqual(await ids(`meetingNumber=${meetingNumber}`), [id]);
  assert.deepEqual(await ids(`webLink=${encodeURIComponent(webLink)}`), [id]);
  assert.deepEqual(await ids('meetingNumber=1'), []);
  const both = `/v1/meetings?${host}&meetingNumber=1&webLink=x`;
  assert.equal((await admin.get(both)).status, 400);
});

test('moves, renames and deletes a meeting without a mail when it is told to send none', async () => {
  const { id } = await made();
  const start = inDays(2);
  const patch = {
    title: 'New',
    start: instant(start),
    end: instant(start + HOUR),
    hostEmail: astrid?.address,
  };
  const changed = await admin.call('PATCH', `/v1/meetings/${id}`, { ...patch, sendEmail: false });
  assert.deepEqual([changed.json.title, changed.json.start], ['New', instant(start).replace('.000', '')]);
  const path = `/v1/meetings/${id}?hostEmail=${astrid?.address}&sendEmail=false`;
  assert.equal((await admin.call('DELETE', path)).status, 204);
  assert.equal((await admin.call('DELETE', path)).status, 404);
  const mails = (await control('GET', 'mails')).json.mails;
  assert.deepEqual(mails, []);
  const loud = await made({ sendEmail: true });
  await admin.call('DELETE', `/v1/meetings/${loud.id}?hostEmail=${astrid?.address}`);
  const kinds = (await control('GET', 'mails')).json.mails.map(({ about }: { about: string }) => about);
  assert.deepEqual(kinds, ['made', 'deleted'], 'mails are the default');
});

test('lets one occurrence of a series be moved and cancelled by itself', async () => {
  const start = inDays(1);
  const { id } = await made({ recurrence: 'FREQ=DAILY;COUNT=4', timezone: 'Europe/Berlin' }, start);
  const occurrences = () => byTag('tag-1', `&meetingSeriesId=${id}&meetingType=scheduledMeeting`);
  const [, second, third] = await occurrences();
  assert.match(second.id, new RegExp(`^${id}_\\d{8}T\\d{6}Z$`));
  const later = start + DAY + 2 * HOUR;
  const patch = { start: instant(later), end: instant(later + HOUR), hostEmail: astrid?.address };
  const moved = await admin.call('PATCH', `/v1/meetings/${second.id}`, { ...patch, sendEmail: false });
  assert.deepEqual([moved.json.isModified, moved.json.meetingSeriesId], [true, id]);
  const gone = `/v1/meetings/${third.id}?hostEmail=${astrid?.address}&sendEmail=false`;
  assert.equal((await admin.call('DELETE', gone)).status, 204);
  assert.equal((await admin.get(gone.split('&')[0] ?? '')).status, 404);
  const starts = (await occurrences()).map((one: { start: string }) => Date.parse(one.start));
  assert.deepEqual(starts, [start, later, start + 3 * DAY]);
  const again = { recurrence: 'FREQ=DAILY;COUNT=2', hostEmail: astrid?.address, sendEmail: false };
  await admin.call('PATCH', `/v1/meetings/${id}`, again);
  const anew = (await occurrences()).map((one: { start: string }) => Date.parse(one.start));
  assert.deepEqual(anew, [start, start + DAY], 'another rule gives up what was moved');
});

test('takes of several days in a month only the first', async () => {
  const { id } = await made({ recurrence: 'FREQ=MONTHLY;COUNT=3;BYMONTHDAY=10,11,12' });
  const list = await byTag('tag-1', `&meetingSeriesId=${id}&meetingType=scheduledMeeting`);
  const days = list.slice(1).map((one: { start: string }) => new Date(one.start).getUTCDate());
  assert.deepEqual([...new Set(days)], [10]);
});

test('refuses what Webex refuses', async () => {
  const start = inDays(1);
  const long = instant(start + DAY);
  const bad: [object, number][] = [
    [{ title: '' }, 400],
    [{ title: 'x'.repeat(129) }, 400],
    [{ start: instant(inDays(-2)), end: instant(inDays(-2) + HOUR) }, 400],
    [{ end: instant(start + 9 * 60_000) }, 400],
    [{ end: long }, 400],
    [{ timezone: 'Mars/Olympus' }, 400],
    [{ recurrence: 'FREQ=HOURLY' }, 400],
    [{ recurrence: 'FREQ=DAILY;COUNT=2;UNTIL=20300101T000000Z' }, 400],
    [{ recurrence: 'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1' }, 400],
    [{ integrationTags: ['a', 'b', 'c', 'd'] }, 400],
    [{ integrationTags: ['x'.repeat(65)] }, 400],
    [{ invitees: [{ email: 'no address' }] }, 400],
    [{ siteUrl: 'other.webex.com' }, 404],
    [{ hostEmail: 'nobody@nordwind.example' }, 404],
    [{ hostEmail: undefined }, 403],
    [{ roomId: 'nowhere' }, 404],
  ];
  for (const [more, status] of bad) {
    const answer = await admin.call('POST', '/v1/meetings', meeting(more), false);
    assert.equal(answer.status, status, `${JSON.stringify(more)} ${answer.text}`);
    assert.match(answer.json.trackingId, /^ROUTER_/);
  }
  assert.equal(
    (await own.call('POST', '/v1/meetings', meeting())).status,
    403,
    'only administrators name a host',
  );
  const room = cloud.context.directory.rooms[0]?.webexToken ?? '';
  assert.equal((await new WebexCalls(cloud, room).get('/v1/meetings')).status, 403);
  assert.equal((await cloud.call('POST', '/v1/meetings', { as: own.token, body: 'x' })).status, 400);
  const headers = { 'content-type': 'text/plain' };
  assert.equal((await cloud.call('POST', '/v1/meetings', { as: own.token, body: 'x', headers })).status, 415);
});

test('changes neither what is over nor anything to what a new meeting could not be', async () => {
  const { id } = await made();
  const patch = async (body: object) =>
    (await admin.call('PATCH', `/v1/meetings/${id}`, { hostEmail: astrid?.address, ...body }, false)).status;
  assert.equal(await patch({ start: instant(inDays(2)) }), 400);
  assert.equal(await patch({ title: '' }), 400);
  assert.equal(await patch({ meetingNumber: '1' }), 400);
  await cloud.call('POST', '/control/clock', { body: { jumpMs: 3 * DAY } });
  assert.equal(await patch({ title: 'Too late' }), 400);
});

test('makes so many meetings in a day and no more; refused calls count, too', async () => {
  await control('PUT', 'scheduling', { perHost: 3 });
  const jump = async (jumpMs: number) => cloud.call('POST', '/control/clock', { body: { jumpMs } });
  await jump(2 * DAY);
  await made();
  await jump(HOUR);
  assert.equal((await admin.call('POST', '/v1/meetings', meeting({ title: '' }), false)).status, 400);
  await made();
  const refused = await admin.call('POST', '/v1/meetings', meeting());
  assert.equal(refused.status, 429);
  const wait = Number(refused.headers['retry-after']);
  assert.ok(wait > 22 * 3600 && wait <= 23 * 3600, `${wait} s`);
  assert.equal(
    (await admin.call('POST', '/v1/meetings', meeting({ hostEmail: bruno?.address }))).status,
    200,
  );
  const impatient = Number((await admin.call('POST', '/v1/meetings', meeting())).headers['retry-after']);
  assert.ok(impatient > wait, 'asking again only makes it longer');
});

test('hides a new meeting from lists for a while when it is told to', async () => {
  await control('PUT', 'scheduling', { listLagMs: 60_000 });
  const { id } = await made();
  assert.deepEqual(await byTag('tag-1'), []);
  assert.equal((await admin.get(`/v1/meetings/${id}?hostEmail=${astrid?.address}`)).status, 200);
  await cloud.call('POST', '/control/clock', { body: { jumpMs: 60_000 } });
  assert.equal((await byTag('tag-1')).length, 1);
});

test('plays a meeting that somebody deletes, and its number given to somebody else', async () => {
  const { id, meetingNumber } = await made();
  assert.equal((await control('DELETE', `meetings/${id}?recycle=true`)).status, 204);
  assert.equal((await control('DELETE', `meetings/${id}`)).status, 404);
  const now = (await control('GET', 'meetings')).json.meetings;
  assert.equal(now.length, 1);
  assert.equal(now[0].meetingNumber, meetingNumber);
  assert.notEqual(now[0].hostUserId, astrid?.webexUserId);
});

test('plays a personal room that is renamed', async () => {
  const room = async () =>
    (await admin.get(`/v1/meetingPreferences/personalMeetingRoom?userEmail=${bruno?.address}`)).json;
  const before = await room();
  const rename = (body: object) => control('PUT', 'personal-room', body);
  assert.equal((await rename({ address: bruno?.address, name: 'the.boss' })).status, 204);
  const after = await room();
  assert.equal(after.personalMeetingRoomLink, 'https://nordwind.webex.com/meet/the.boss');
  assert.equal(after.sipAddress, 'the.boss@nordwind.webex.com');
  assert.equal(after.telephony.accessCode, before.telephony.accessCode);
  assert.equal((await rename({ address: 'nobody@nordwind.example', name: 'x' })).status, 404);
  assert.equal((await rename({ address: bruno?.address, name: 'a/b' })).status, 400);
});

test('keeps meetings over a restart', async () => {
  const { id } = await made();
  await cloud.restart();
  assert.equal((await byTag('tag-1'))[0].id, id);
});
