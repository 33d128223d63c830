import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { makeTestTls } from '../net/test-certificate.ts';
import { at, book, events, instance, MONDAYS, NOON, read, utc } from './graph-calendar.ts';
import { type SimulatedCloud, startCloud } from './simulated-cloud.ts';

let cloud: SimulatedCloud;
let astrid: Person;

before(async () => {
  cloud = await startCloud({ tls: await makeTestTls(), https: true });
  [astrid] = cloud.context.directory.people as [Person];
});
after(async () => await cloud.stop());

test('refuses to move an occurrence to or past its neighbours', async () => {
  const master = await book(cloud, astrid, MONDAYS);
  const second = await instance(cloud, astrid, master, 1);
  const move = async (day: string): Promise<[number, string | undefined]> => {
    const body = { start: utc(`2026-${day}T20:00:00`), end: utc(`2026-${day}T21:00:00`) };
    const { status, json } = await cloud.call('PATCH', at(astrid, second), { body });
    return [status, json.error?.code];
  };
  const refused = [400, 'ErrorOccurrenceCrossingBoundary'];
  assert.deepEqual(await move('10-19'), refused);
  assert.deepEqual(await move('11-02'), refused);
  // Also when it would be over before the neighbour begins: two of them cannot be on one day.
  const early = { start: utc('2026-11-02T05:00:00'), end: utc('2026-11-02T06:00:00') };
  assert.equal((await cloud.call('PATCH', at(astrid, second), { body: early })).status, 400);
  assert.deepEqual(await move('11-05'), refused);
  assert.deepEqual(await move('10-20'), [200, undefined]);
  await cloud.call('DELETE', at(astrid, await instance(cloud, astrid, master, 2)));
  assert.deepEqual(await move('11-05'), [200, undefined]);
  const moved = await read(cloud, astrid, second);
  assert.deepEqual(
    [moved.originalStart, moved.start.dateTime.slice(5, 13)],
    ['2026-10-26T09:00:00.0000000Z', '11-05T20'],
  );
});

test('refuses recurrences that cannot be', async () => {
  const { pattern, range } = MONDAYS.recurrence;
  const cases: readonly [object, object][] = [
    [{ ...pattern, daysOfWeek: [] }, range],
    [{ ...pattern, interval: 0 }, range],
    [{ ...pattern, type: 'hourly' }, range],
    [{ type: 'absoluteMonthly', interval: 1 }, range],
    [{ type: 'relativeYearly', interval: 1, daysOfWeek: ['monday'] }, range],
    [pattern, { ...range, startDate: '2026-10-20' }],
    [pattern, { ...range, numberOfOccurrences: 0 }],
    [pattern, { type: 'endDate', startDate: '2026-10-19' }],
    [pattern, { type: 'endDate', startDate: '2026-10-19', endDate: '2026-10-18' }],
    [pattern, { ...range, recurrenceTimeZone: 'Mars' }],
  ];
  for (const [one, other] of cases) {
    const body = { ...MONDAYS, recurrence: { pattern: one, range: other } };
    const { status, json } = await cloud.call('POST', events(astrid), { body });
    assert.equal(status, 400, JSON.stringify(body.recurrence));
    assert.match(
      json.error.code,
      /^(ErrorInvalidParameter|ErrorPropertyValidationFailure|TimeZoneNotSupported)/,
    );
  }
  const master = await book(cloud, astrid, MONDAYS);
  const first = await instance(cloud, astrid, master, 0);
  const nested = await cloud.call('PATCH', at(astrid, first), { body: { recurrence: MONDAYS.recurrence } });
  assert.equal(nested.json.error.code, 'ErrorInvalidRequest');
  const single = await book(cloud, astrid, NOON);
  const query = 'startDateTime=2026-10-01&endDateTime=2026-12-01';
  assert.equal(
    (await cloud.call('GET', `${at(astrid, single)}/instances?${query}`)).json.error.code,
    'ErrorInvalidRequest',
  );
});
