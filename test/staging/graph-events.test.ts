import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { writesOf } from '../../src/staging/cloud/graph/graph-writes.ts';
import { at, book, events, NOON, patch, read, utc } from './graph-calendar.ts';
import { type SimulatedCloud, startCloud } from './simulated-cloud.ts';

const MARK = 'String {1f6a3b52-9c0d-4e8f-a1b2-c3d4e5f60718} Name WxCal';
const EXPAND = `?$expand=${encodeURIComponent(`singleValueExtendedProperties($filter=id eq '${MARK}')`)}`;

let cloud: SimulatedCloud;
let astrid: Person;

before(async () => {
  cloud = await startCloud();
  [astrid] = cloud.context.directory.people as [Person];
});
after(async () => await cloud.stop());

test('answers a booking with the whole event, in UTC with seven digits', async () => {
  const made = await book(cloud, astrid, {
    subject: 'Budget',
    start: { dateTime: '2026-12-01T10:00:00', timeZone: 'W. Europe Standard Time' },
    end: { dateTime: '2026-12-01T10:30:00', timeZone: 'Europe/Stockholm' },
    location: { displayName: '@webex' },
    body: { contentType: 'html', content: '<p onclick="x()">Hi & bye<script>alert(1)</script></p>' },
  });
  assert.deepEqual(made.start, { dateTime: '2026-12-01T09:00:00.0000000', timeZone: 'UTC' });
  assert.deepEqual(made.end, { dateTime: '2026-12-01T09:30:00.0000000', timeZone: 'UTC' });
  assert.deepEqual(made.locations, [made.location]);
  assert.match(made.body.content, /^<html>\r\n<head>.*<body>\r\n<p>Hi &amp; bye<\/p>\r\n<\/body>/s);
  assert.equal(made['@odata.etag'], `W/"${made.changeKey}"`);
  assert.equal(Buffer.from(made.changeKey, 'base64').length, 22);
  assert.equal(cloud.happenings.at(-1)?.what, 'Astrid Lindqvist books “Budget” · @webex');
});

test('stores a body that it wrote itself without changing it', async () => {
  const made = await book(cloud, astrid, {
    body: { contentType: 'html', content: '<div>one</div>\n<div>two &amp; three</div>' },
  });
  const again = await patch(cloud, astrid, made, { body: made.body });
  assert.equal(again.body.content, made.body.content);
  assert.notEqual(again.changeKey, made.changeKey);
});

test('takes a repeated booking for the same one by its transactionId and refuses another content', async () => {
  const body = { ...NOON, subject: 'Once', transactionId: 'job-1' };
  const [first, second] = [await book(cloud, astrid, body), await book(cloud, astrid, body)];
  assert.equal(second.id, first.id);
  const other = await cloud.call('POST', events(astrid), { body: { ...body, subject: 'Twice' } });
  assert.equal(other.status, 400);
  assert.equal(other.json.error.code, 'ErrorDuplicateTransactionId');
  assert.equal(other.json.error['@event.existingEventId'], first.id);
});

test('refuses a write whose If-Match is of an older version', async () => {
  const made = await book(cloud, astrid, {});
  const stale = { 'if-match': made['@odata.etag'] };
  assert.equal(
    (await cloud.call('PATCH', at(astrid, made), { body: { subject: 'A' }, headers: stale })).status,
    200,
  );
  const refused = await cloud.call('PATCH', at(astrid, made), { body: { subject: 'B' }, headers: stale });
  assert.equal(refused.status, 412);
  assert.equal((await read(cloud, astrid, made)).subject, 'A');
});

test('shows an extended property only when it is expanded', async () => {
  const made = await book(cloud, astrid, { singleValueExtendedProperties: [{ id: MARK, value: 'v1' }] });
  assert.equal(made.singleValueExtendedProperties, undefined);
  const patched = await patch(cloud, astrid, made, {
    singleValueExtendedProperties: [{ id: MARK, value: 'v2' }],
  });
  assert.equal(patched.singleValueExtendedProperties, undefined);
  const expanded = await cloud.call('GET', `${at(astrid, made)}${EXPAND}&$select=subject`);
  assert.deepEqual(expanded.json.singleValueExtendedProperties, [{ id: MARK, value: 'v2' }]);
  assert.equal(expanded.json.body, undefined);
});

test('mirrors locations and keeps what rooms carry', async () => {
  const room = {
    displayName: 'Room Aurora',
    locationEmailAddress: 'room.aurora@nordwind.example',
    uniqueId: 'id-7',
  };
  const made = await book(cloud, astrid, { locations: [{ displayName: '@webex' }, room] });
  assert.equal(made.location.displayName, '@webex; Room Aurora');
  const patched = await patch(cloud, astrid, made, { locations: [made.locations[1]] });
  assert.equal(patched.location.uniqueId, 'id-7');
  assert.equal((await patch(cloud, astrid, made, { location: { displayName: 'Roof' } })).locations.length, 1);
});

test('gives Teams meetings a join address that is lost with the block in the body', async () => {
  const made = await book(cloud, astrid, { isOnlineMeeting: true });
  assert.ok(made.body.content.includes(made.onlineMeeting?.joinUrl ?? 'none'));
  assert.equal((await patch(cloud, astrid, made, { isOnlineMeeting: false })).isOnlineMeeting, true);
  const lost = await patch(cloud, astrid, made, { body: { contentType: 'html', content: 'gone' } });
  assert.equal(lost.onlineMeeting, null);
});

test('converts to the zone and the body type that are preferred; all-day events float', async () => {
  const made = await book(cloud, astrid, { ...NOON, body: { contentType: 'text', content: 'a < b\nc' } });
  const headers = {
    prefer: 'outlook.timezone="Asia/Tokyo", outlook.body-content-type="text", IdType="ImmutableId"',
  };
  const answer = await cloud.call('GET', at(astrid, made), { headers });
  assert.deepEqual(answer.json.start, { dateTime: '2026-12-02T21:00:00.0000000', timeZone: 'Asia/Tokyo' });
  assert.deepEqual(answer.json.body, { contentType: 'text', content: 'a < b\r\nc' });
  assert.match(
    answer.headers.get('preference-applied') ?? '',
    /outlook\.timezone="Asia\/Tokyo".*ImmutableId/,
  );
  const midnight = (day: string): object => ({
    dateTime: `2026-12-${day}T00:00:00`,
    timeZone: 'Tokyo Standard Time',
  });
  const allDay = await book(cloud, astrid, { isAllDay: true, start: midnight('05'), end: midnight('06') });
  assert.equal(allDay.start.dateTime, '2026-12-05T00:00:00.0000000');
  const wrong = await cloud.call('GET', at(astrid, made), { headers: { prefer: 'outlook.timezone="Mars"' } });
  assert.equal(wrong.json.error.code, 'TimeZoneNotSupportedException');
});

test('lists in pages of ten and filters by time and by change', async () => {
  const greta = cloud.context.directory.people[6] ?? astrid;
  for (let day = 10; day < 22; day += 1) {
    await book(cloud, greta, { start: utc(`2027-01-${day}T08:00:00`), end: utc(`2027-01-${day}T09:00:00`) });
  }
  const first = await cloud.call('GET', `/users/${greta.entraId}/calendar/events`);
  assert.equal(first.json.value.length, 10);
  const second = await cloud.call('GET', first.json['@odata.nextLink'] ?? '');
  assert.equal(second.json.value.length, 2);
  assert.equal(second.json['@odata.nextLink'], undefined);
  const filter = "start/dateTime lt '2027-01-12T00:00:00' and end/dateTime gt '2027-01-10T12:00:00'";
  const window = await cloud.call('GET', `${events(greta)}?$top=100&$filter=${encodeURIComponent(filter)}`);
  assert.deepEqual(
    window.json.value.map(({ start }) => start.dateTime.slice(0, 10)),
    ['2027-01-11'],
  );
  const since = `lastModifiedDateTime gt ${new Date(cloud.context.clock.now() + 1000).toISOString()}`;
  assert.equal(
    (await cloud.call('GET', `${events(greta)}?$filter=${encodeURIComponent(since)}`)).json.value.length,
    0,
  );
});

test('refuses what the real service refuses, and says what is not simulated', async () => {
  const base = `/users/${astrid.entraId}`;
  const made = await book(cloud, astrid, {});
  const one = at(astrid, made);
  const cases: [string, string, object | undefined, number, string][] = [
    [
      'GET',
      '/users/nobody@nordwind.example/mailboxSettings',
      undefined,
      404,
      'MailboxNotSupportedForRESTAPI',
    ],
    ['GET', `${base}/events/unknown`, undefined, 404, 'ErrorItemNotFound'],
    ['GET', `${base}/nonsense`, undefined, 404, 'ResourceNotFound'],
    ['PUT', one, {}, 405, 'Request_BadRequest'],
    ['GET', base, undefined, 403, 'Authorization_RequestDenied'],
    ['POST', events(astrid), { ...NOON, recurrence: { pattern: {} } }, 400, 'ErrorInvalidParameter'],
    ['GET', `${base}/calendarView/delta?startDateTime=x`, undefined, 400, 'ErrorInvalidParameter'],
    ['GET', `${base}/calendarView?startDateTime=2026-01-01`, undefined, 400, 'ErrorInvalidParameter'],
    ['GET', `${one}/instances`, undefined, 400, 'ErrorInvalidParameter'],
    ['GET', `${base}/events/delta`, undefined, 501, 'NotImplemented'],
    ['POST', `${one}/forward`, {}, 501, 'NotImplemented'],
    ['POST', events(astrid), { subject: 'no times' }, 400, 'ErrorInvalidRequest'],
    ['POST', events(astrid), { ...NOON, subjekt: 'x' }, 400, 'RequestBodyRead'],
    ['POST', events(astrid), { start: NOON.end, end: NOON.start }, 400, 'ErrorPropertyValidationFailure'],
    ['PATCH', one, { transactionId: 'late' }, 400, 'ErrorInvalidRequest'],
  ];
  for (const [method, path, body, status, code] of cases) {
    const answer = await cloud.call(method, path, { body });
    assert.deepEqual([answer.status, answer.json.error.code], [status, code], `${method} ${path}`);
  }
  assert.equal((await cloud.call('GET', one, { as: null })).status, 401);
});

test('finds a mailbox by GUID or address and tells the GUID in the context of its settings', async () => {
  for (const name of [astrid.entraId, encodeURIComponent(astrid.address.toUpperCase())]) {
    const { json } = await cloud.call('GET', `/users/${name}/mailboxSettings`);
    assert.match(
      json['@odata.context'],
      new RegExp(`\\$metadata#users\\('${astrid.entraId}'\\)/mailboxSettings$`),
    );
    assert.deepEqual([json.language.locale, json.userPurpose], ['sv-SE', 'user']);
  }
});

test('counts the writes of each application and answers ordered errors', async () => {
  const made = await book(cloud, astrid, {});
  await patch(cloud, astrid, made, { subject: 'By the appliance' });
  const writes = writesOf(cloud.context).filter(({ eventId }) => eventId === made.id);
  assert.deepEqual(
    writes.map(({ app, method }) => [app, method]),
    [
      ['outlook', 'POST'],
      ['appliance', 'PATCH'],
    ],
  );
  const served = await cloud.control('GET', 'writes');
  assert.equal(Object.keys(served.json).length, writesOf(cloud.context).length);
  await cloud.control('POST', 'faults', {
    path: '/events/',
    method: 'PATCH',
    status: 429,
    retryAfter: '2.128',
    times: 1,
  });
  assert.equal((await cloud.call('GET', at(astrid, made))).status, 200);
  const throttled = await cloud.call('PATCH', at(astrid, made), { body: { subject: 'x' } });
  assert.deepEqual([throttled.status, throttled.headers.get('retry-after')], [429, '2.128']);
  assert.equal((await cloud.call('PATCH', at(astrid, made), { body: { subject: 'x' } })).status, 200);
});

test('keeps everything over a restart', async (t) => {
  const first = await startCloud();
  t.after(async () => await first.stop());
  const [owner] = first.context.directory.people as [Person];
  const body = { ...NOON, subject: 'Kept', transactionId: 'job-9' };
  const made = (await first.call('POST', events(owner), { body })).json;
  await first.stop({ keepFiles: true });
  const second = await startCloud({ directory: first.directory });
  t.after(async () => await second.stop());
  const { '@odata.context': _context, ...found } = (await second.call('GET', at(owner, made))).json;
  const { '@odata.context': _other, ...expected } = made;
  assert.deepEqual(found, expected);
  assert.equal((await second.call('POST', events(owner), { body })).json.id, made.id);
  assert.equal(writesOf(second.context).length, 1);
});
