import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { makeTestTls } from '../net/test-certificate.ts';
import {
  AUTUMN,
  at,
  book,
  events,
  instance,
  instances,
  MONDAYS,
  NOON,
  patch,
  starts,
  utc,
} from './graph-calendar.ts';
import { type AnswerBody, type SimulatedCloud, startCloud } from './simulated-cloud.ts';

const MARK = 'String {1f6a3b52-9c0d-4e8f-a1b2-c3d4e5f60718} Name WxCal';

let cloud: SimulatedCloud;
/** Each test has a calendar of its own. */
let owner: Person;
let next = 0;

before(async () => {
  cloud = await startCloud({ tls: await makeTestTls(), https: true });
});
beforeEach(() => {
  owner = cloud.context.directory.people[next] as Person;
  next += 1;
});
after(async () => await cloud.stop());

test('shows what takes place in a window, series as their occurrences, by their start', async () => {
  const master = await book(cloud, owner, MONDAYS);
  await book(cloud, owner, { start: utc('2026-10-25T23:00:00'), end: utc('2026-10-26T00:30:00') });
  await book(cloud, owner, { start: utc('2026-10-27T00:00:00'), end: utc('2026-10-27T01:00:00') });
  const day = 'startDateTime=2026-10-26T00:00:00&endDateTime=2026-10-27T00:00:00Z';
  const shown = await view(day);
  assert.deepEqual(starts(shown), ['10-25T23', '10-26T09']);
  assert.equal(shown[1]?.seriesMasterId, master.id);
  // Without an offset the times are UTC, whatever the preferred zone; with one they are not.
  const prefer = { prefer: 'outlook.timezone="Tokyo Standard Time"' };
  assert.deepEqual(starts(await view(day, prefer)), ['10-26T08', '10-26T18']);
  const offset = `startDateTime=${encodeURIComponent('2026-10-26T01:00:00+01:00')}&endDateTime=2026-10-26T09:00:00Z`;
  assert.deepEqual(starts(await view(offset)), ['10-25T23']);
});

test('counts all-day events as days of UTC, exclusive of their end', async () => {
  await book(cloud, owner, {
    isAllDay: true,
    start: utc('2026-10-26T00:00:00'),
    end: utc('2026-10-27T00:00:00'),
  });
  const within = async (from: string, to: string): Promise<number> =>
    (await view(`startDateTime=2026-10-${from}&endDateTime=2026-10-${to}`)).length;
  assert.equal(await within('26T23:59:59', '28'), 1);
  assert.equal(await within('27', '28'), 0);
  assert.equal(await within('25', '26'), 0);
});

test('pages instances, follows moved ones and reaches far into a series without an end', async () => {
  const range = { type: 'noEnd', startDate: '2026-10-19' };
  const master = await book(cloud, owner, { ...MONDAYS, recurrence: { ...MONDAYS.recurrence, range } });
  const path = `${at(owner, master)}/instances?${AUTUMN}`;
  const first = await cloud.call('GET', path);
  assert.equal(first.json.value.length, 10);
  const second = await cloud.call('GET', first.json['@odata.nextLink'] ?? '');
  assert.deepEqual([second.json.value.length, second.json['@odata.nextLink']], [1, undefined]);
  const moved = await instance(cloud, owner, master, 1);
  await patch(cloud, owner, moved, { start: utc('2026-10-28T09:00:00'), end: utc('2026-10-28T10:00:00') });
  const day = (d: string) => `startDateTime=2026-10-${d}T00:00:00Z&endDateTime=2026-10-${d}T23:00:00Z`;
  assert.deepEqual(starts(await instances(cloud, owner, master, day('26'))), []);
  assert.deepEqual(starts(await instances(cloud, owner, master, day('28'))), ['10-28T09']);
  const far = 'startDateTime=2226-01-01T00:00:00Z&endDateTime=2226-02-01T00:00:00Z';
  assert.deepEqual(starts(await instances(cloud, owner, master, far)), [
    '01-02T09',
    '01-09T09',
    '01-16T09',
    '01-23T09',
    '01-30T09',
  ]);
});

test('refuses windows without both ends, backwards or over 1825 days', async () => {
  const master = await book(cloud, owner, MONDAYS);
  for (const path of [`${at(owner, master)}/instances`, `/users/${owner.entraId}/calendarView`]) {
    const code = async (query: string): Promise<string> =>
      (await cloud.call('GET', `${path}?${query}`)).json.error.code;
    assert.equal(await code(''), 'ErrorInvalidParameter');
    assert.equal(await code('startDateTime=2026-01-01'), 'ErrorInvalidParameter');
    assert.equal(await code('startDateTime=2026-01-02&endDateTime=2026-01-01'), 'ErrorInvalidParameter');
    assert.equal(await code('startDateTime=soon&endDateTime=2026-01-01'), 'ErrorInvalidParameter');
    assert.equal(await code('startDateTime=2026-01-01&endDateTime=2031-01-01'), 'ErrorInvalidRequest');
  }
});

test('hides the online meeting in a view unless its flag is selected too', async () => {
  await book(cloud, owner, { ...NOON, isOnlineMeeting: true });
  const keys = async (select: string): Promise<string[]> =>
    Object.keys((await view(`${AUTUMN}&$select=${select}`))[0] ?? {}).toSorted();
  assert.deepEqual(await keys('onlineMeeting'), ['@odata.etag', 'id']);
  assert.deepEqual(await keys('onlineMeeting,isOnlineMeeting'), [
    '@odata.etag',
    'id',
    'isOnlineMeeting',
    'onlineMeeting',
  ]);
});

test('filters by an extended property, without regard to case, also together with a time', async () => {
  const property = (value: string) => ({ singleValueExtendedProperties: [{ id: MARK, value }] });
  await book(cloud, owner, { subject: 'one', ...property("it's a (mark) and more") });
  await book(cloud, owner, { subject: 'two', ...property('v2') });
  await book(cloud, owner, { subject: 'three' });
  const subjects = async (filter: string): Promise<string[]> =>
    (await cloud.call('GET', `${events(owner)}?$filter=${encodeURIComponent(filter)}`)).json.value.map(
      ({ subject }) => subject,
    );
  const any = (value: string): string =>
    `singleValueExtendedProperties/Any(ep: ep/id eq '${MARK.toUpperCase()}' and ep/value eq '${value}')`;
  assert.deepEqual(await subjects(any('V2')), ['two']);
  assert.deepEqual(await subjects(any("It''s a (mark) and more")), ['one']);
  assert.deepEqual(await subjects(`${any('v2')} and lastModifiedDateTime gt 2026-01-01T00:00:00Z`), ['two']);
  assert.deepEqual(await subjects(`lastModifiedDateTime gt 2126-01-01T00:00:00Z and ${any('v2')}`), []);
});

test('finds a series by its last change after one of its occurrences was changed or deleted', async () => {
  const master = await book(cloud, owner, MONDAYS);
  await book(cloud, owner, {});
  const changedSince = async (instant: number): Promise<string[]> => {
    const filter = encodeURIComponent(`lastModifiedDateTime gt ${new Date(instant).toISOString()}`);
    return (await cloud.call('GET', `${events(owner)}?$filter=${filter}`)).json.value.map(({ id }) => id);
  };
  for (const change of ['PATCH', 'DELETE']) {
    cloud.context.clock.steer({ jumpMs: 60_000 });
    const since = cloud.context.clock.now() - 1_000;
    assert.deepEqual(await changedSince(since), []);
    const first = await instance(cloud, owner, master, 0);
    await cloud.call(change, at(owner, first), change === 'PATCH' ? { body: { subject: 'Special' } } : {});
    assert.deepEqual(await changedSince(since), [master.id]);
  }
});

async function view(query: string, headers: Record<string, string> = {}): Promise<readonly AnswerBody[]> {
  const answer = await cloud.call('GET', `/users/${owner.entraId}/calendar/calendarView?${query}`, {
    headers,
  });
  assert.equal(answer.status, 200, answer.text);
  return answer.json.value;
}
