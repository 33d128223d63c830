import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { occurrenceId, occurrenceUid } from '../../src/staging/cloud/graph/series/occurrence-id.ts';
import { makeTestTls } from '../net/test-certificate.ts';
import { at, book, instance, instances, MONDAYS, patch, read, starts, utc } from './graph-calendar.ts';
import { type SimulatedCloud, startCloud } from './simulated-cloud.ts';

const RECORDED = new URL('../../../shared/samples/graph/botframework-event.json', import.meta.url);

let cloud: SimulatedCloud;
let astrid: Person;

before(async () => {
  cloud = await startCloud({ tls: await makeTestTls(), https: true });
  [astrid] = cloud.context.directory.people as [Person];
});
after(async () => await cloud.stop());

test('keeps the wall clock over the end of summer time', async () => {
  const master = await book(cloud, astrid, MONDAYS);
  assert.deepEqual(starts(await instances(cloud, astrid, master)), [
    '10-19T08',
    '10-26T09',
    '11-02T09',
    '11-09T09',
    '11-16T09',
  ]);
});

test('answers a master with its recurrence in full, at the times of its first occurrence', async () => {
  const start = { dateTime: '2026-10-21T10:00:00', timeZone: 'W. Europe Standard Time' };
  const end = { dateTime: '2026-10-21T11:00:00', timeZone: 'W. Europe Standard Time' };
  const range = { type: 'noEnd', startDate: '2026-10-21' };
  const master = await book(cloud, astrid, { start, end, recurrence: { ...MONDAYS.recurrence, range } });
  assert.equal(master.type, 'seriesMaster');
  assert.equal(master.start.dateTime, '2026-10-26T09:00:00.0000000');
  assert.deepEqual(master.recurrence, {
    pattern: {
      type: 'weekly',
      interval: 1,
      month: 0,
      dayOfMonth: 0,
      daysOfWeek: ['monday'],
      firstDayOfWeek: 'sunday',
      index: 'first',
    },
    range: {
      type: 'noEnd',
      startDate: '2026-10-26',
      endDate: '0001-01-01',
      recurrenceTimeZone: 'W. Europe Standard Time',
      numberOfOccurrences: 0,
    },
  });
});

test('gives occurrences ids and identifiers as they were recorded from Exchange', (t) => {
  if (!existsSync(RECORDED)) return t.skip('the recordings are not at hand');
  const [recorded] = JSON.parse(readFileSync(RECORDED, 'utf8')).value;
  assert.equal(occurrenceId(recorded.seriesMasterId, '2020-10-15'), recorded.id);
  const masterUid = `${recorded.iCalUId.slice(0, 32)}00000000${recorded.iCalUId.slice(40)}`;
  assert.equal(occurrenceUid(masterUid, '2020-10-15'), recorded.iCalUId);
});

test('reads an occurrence by its id, with what it has from its series', async () => {
  const master = await book(cloud, astrid, { ...MONDAYS, location: { displayName: '@webex' } });
  const third = await instance(cloud, astrid, master, 2);
  const { '@odata.context': _context, ...alone } = await read(cloud, astrid, third);
  assert.deepEqual(alone, third);
  assert.deepEqual(
    [third.type, third.seriesMasterId, third.recurrence, third.originalStart, third.location.displayName],
    ['occurrence', master.id, null, '2026-11-02T09:00:00.0000000Z', '@webex'],
  );
  assert.equal(third.changeKey, master.changeKey);
  assert.notEqual(third.iCalUId, master.iCalUId);
});

test('makes an exception of an occurrence that is patched, with a body and a place of its own', async () => {
  const master = await book(cloud, astrid, { ...MONDAYS, body: { contentType: 'text', content: 'all' } });
  const third = await instance(cloud, astrid, master, 2);
  const changed = await patch(cloud, astrid, third, { location: { displayName: '@meet' } });
  assert.deepEqual([changed.type, changed.id], ['exception', third.id]);
  await patch(cloud, astrid, master, {
    subject: 'Renamed',
    body: { contentType: 'text', content: 'new for all' },
    location: { displayName: 'Hall' },
  });
  const [second, exception] = (await instances(cloud, astrid, master)).slice(1, 3);
  assert.deepEqual([second?.type, second?.location.displayName], ['occurrence', 'Hall']);
  assert.match(second?.body.content ?? '', /new for all/);
  assert.deepEqual(
    [exception?.type, exception?.location.displayName, exception?.subject],
    ['exception', '@meet', 'Renamed'],
  );
  assert.doesNotMatch(exception?.body.content ?? '', /new for all/);
  assert.equal(exception?.changeKey, second?.changeKey);
});

test('keeps what an exception was given when the series gets something else', async () => {
  const master = await book(cloud, astrid, MONDAYS);
  const third = await instance(cloud, astrid, master, 2);
  const { lastModifiedDateTime } = await patch(cloud, astrid, third, { subject: 'Special' });
  cloud.context.clock.steer({ jumpMs: 60_000 });
  await patch(cloud, astrid, master, { subject: 'Renamed' });
  const kept = await read(cloud, astrid, third);
  assert.deepEqual([kept.subject, kept.lastModifiedDateTime], ['Special', lastModifiedDateTime]);
});

test('drops exceptions and cancellations when the times or the pattern of the series change, not otherwise', async () => {
  const master = await book(cloud, astrid, MONDAYS);
  const [first, second] = await instances(cloud, astrid, master);
  await patch(cloud, astrid, first ?? master, { subject: 'Special' });
  await cloud.call('DELETE', at(astrid, second ?? master));
  const { recurrence, start, end } = await read(cloud, astrid, master);
  await patch(cloud, astrid, master, { recurrence, start, end });
  assert.equal((await instances(cloud, astrid, master)).length, 4);
  await patch(cloud, astrid, master, { start: utc('2026-10-19T09:00:00'), end: utc('2026-10-19T10:00:00') });
  const moved = await instances(cloud, astrid, master);
  assert.deepEqual(starts(moved), ['10-19T09', '10-26T10', '11-02T10', '11-09T10', '11-16T10']);
  assert.ok(moved.every(({ type, subject }) => type === 'occurrence' && subject === 'Weekly'));
});

test('turns a single event into a series and back under the same id', async () => {
  const single = await book(cloud, astrid, { start: MONDAYS.start, end: MONDAYS.end });
  const master = await patch(cloud, astrid, single, { recurrence: MONDAYS.recurrence });
  assert.deepEqual([master.id, master.type], [single.id, 'seriesMaster']);
  const again = await patch(cloud, astrid, master, { recurrence: null });
  assert.deepEqual([again.id, again.type, again.recurrence], [single.id, 'singleInstance', null]);
});

test('deletes one occurrence, which the master then lists among the cancelled ones', async () => {
  const master = await book(cloud, astrid, MONDAYS);
  const second = await instance(cloud, astrid, master, 1);
  assert.equal((await cloud.call('DELETE', at(astrid, second))).status, 204);
  assert.equal((await cloud.call('DELETE', at(astrid, second))).json.error.code, 'ErrorItemNotFound');
  assert.equal((await cloud.call('GET', at(astrid, second))).json.error.code, 'ErrorItemNotFound');
  const shown = await cloud.call('GET', `${at(astrid, master)}?$select=subject,cancelledOccurrences`);
  assert.deepEqual(shown.json.cancelledOccurrences, [`OID.${master.id}.2026-10-26`]);
  assert.equal((await read(cloud, astrid, master)).cancelledOccurrences, undefined);
  assert.equal((await instances(cloud, astrid, master)).length, 4);
});

test('shows exceptions with their master when they are expanded, and inherits marks', async () => {
  const mark = 'String {1f6a3b52-9c0d-4e8f-a1b2-c3d4e5f60718} Name WxCal';
  const property = (value: string) => ({ singleValueExtendedProperties: [{ id: mark, value }] });
  const master = await book(cloud, astrid, { ...MONDAYS, ...property('series') });
  const [first, second] = await instances(cloud, astrid, master);
  await patch(cloud, astrid, second ?? master, property('one'));
  const expand = `singleValueExtendedProperties($filter=id eq '${mark}')`;
  const marks = await Promise.all(
    [master, first, second].map(async (one) => {
      const path = `${at(astrid, one ?? master)}?$expand=${encodeURIComponent(expand)}`;
      return (await cloud.call('GET', path)).json.singleValueExtendedProperties?.[0]?.value;
    }),
  );
  assert.deepEqual(marks, ['series', 'series', 'one']);
  const shown = await cloud.call('GET', `${at(astrid, master)}?$expand=exceptionOccurrences`);
  assert.deepEqual(
    shown.json.exceptionOccurrences?.map(({ id }) => id),
    [second?.id],
  );
});

test('lets days of all-day series float and keeps a series over a restart', async (t) => {
  const first = await startCloud();
  t.after(async () => await first.stop());
  const midnight = (day: string) => ({
    dateTime: `2026-10-${day}T00:00:00`,
    timeZone: 'Tokyo Standard Time',
  });
  const allDay = { ...MONDAYS, isAllDay: true, start: midnight('19'), end: midnight('20') };
  const [owner] = first.context.directory.people as [Person];
  const master = await book(first, owner, allDay);
  await patch(first, owner, await instance(first, owner, master, 1), { subject: 'Special' });
  await first.stop({ keepFiles: true });
  const second = await startCloud({ directory: first.directory });
  t.after(async () => await second.stop());
  const shown = await instances(second, owner, master);
  assert.deepEqual(starts(shown), ['10-19T00', '10-26T00', '11-02T00', '11-09T00', '11-16T00']);
  assert.deepEqual(shown.map(({ subject }) => subject)[1], 'Special');
});
