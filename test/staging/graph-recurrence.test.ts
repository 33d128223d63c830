import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { RRuleTemporal } from 'rrule-temporal';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { makeTestTls } from '../net/test-certificate.ts';
import { at, book } from './graph-calendar.ts';
import { type SimulatedCloud, startCloud } from './simulated-cloud.ts';

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const INDEXES = ['first', 'second', 'third', 'fourth', 'last'] as const;
const ZONES = [
  ['W. Europe Standard Time', 'Europe/Berlin'],
  ['Eastern Standard Time', 'America/New_York'],
  ['India Standard Time', 'Asia/Kolkata'],
  ['Israel Standard Time', 'Asia/Jerusalem'],
  ['Lord Howe Standard Time', 'Australia/Lord_Howe'],
  ['UTC', 'UTC'],
  ['Europe/Stockholm', 'Europe/Stockholm'],
] as const;

interface Sample {
  readonly type: string;
  readonly interval: number;
  readonly days: readonly (typeof DAYS)[number][];
  readonly firstDay: (typeof DAYS)[number];
  readonly index: (typeof INDEXES)[number];
  readonly dayOfMonth: number;
  readonly month: number;
  readonly range: { readonly type: 'noEnd' | 'endDate' | 'numbered'; readonly count: number };
  readonly zone: (typeof ZONES)[number];
  /** Days after 1 January 2026. */
  readonly startDay: number;
  /** Quarters of an hour after midnight. */
  readonly quarter: number;
  /** Days from the start to the beginning of the window that is asked for. */
  readonly ahead: number;
}

const SAMPLES = fc.record<Sample>({
  type: fc.constantFrom(
    'daily',
    'weekly',
    'absoluteMonthly',
    'relativeMonthly',
    'absoluteYearly',
    'relativeYearly',
  ),
  interval: fc.integer({ min: 1, max: 5 }),
  days: fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1 }),
  firstDay: fc.constantFrom(...DAYS),
  index: fc.constantFrom(...INDEXES),
  dayOfMonth: fc.integer({ min: 1, max: 31 }),
  month: fc.integer({ min: 1, max: 12 }),
  range: fc.record({
    type: fc.constantFrom('noEnd', 'endDate', 'numbered'),
    count: fc.integer({ min: 1, max: 60 }),
  }),
  zone: fc.constantFrom(...ZONES),
  startDay: fc.integer({ min: 0, max: 800 }),
  quarter: fc.integer({ min: 0, max: 95 }),
  ahead: fc.integer({ min: -20, max: 2500 }),
});

let cloud: SimulatedCloud;
let astrid: Person;

before(async () => {
  cloud = await startCloud({ tls: await makeTestTls(), https: true });
  [astrid] = cloud.context.directory.people as [Person];
});
after(async () => await cloud.stop());

test('expands 300 random recurrences as an independent library does, across daylight saving', async () => {
  let occurrences = 0;
  const samples = fc.sample(SAMPLES, { numRuns: 300, seed: 20_261_125 });
  for (const sample of samples) {
    const expected = judged(sample);
    const actual = await expanded(sample, expected.any);
    assert.deepEqual(actual, expected.starts, JSON.stringify(sample));
    occurrences += actual.length;
  }
  assert.ok(occurrences > 10_000, `only ${occurrences} occurrences were compared`);
});

function startOf({ startDay, quarter, zone }: Sample): Temporal.ZonedDateTime {
  const wall = Temporal.PlainDateTime.from('2026-01-01T00:00:00').add({
    days: startDay,
    minutes: quarter * 15,
  });
  return wall.toZonedDateTime(zone[1]);
}

function windowOf(sample: Sample): { from: Temporal.Instant; to: Temporal.Instant } {
  const from = startOf(sample)
    .toInstant()
    .add({ hours: 24 * sample.ahead });
  return { from, to: from.add({ hours: 24 * 900 }) };
}

function endDateOf(sample: Sample): string {
  return startOf(sample)
    .toPlainDate()
    .add({ days: sample.range.count * 20 })
    .toString();
}

/** The library's opinion: the starts in the window, and whether the recurrence has an occurrence at all. */
function judged(sample: Sample): { readonly starts: string[]; readonly any: boolean } {
  const { type, interval, days, firstDay, index, dayOfMonth, month, range, zone } = sample;
  const code = (day: string): string => day.slice(0, 2).toUpperCase();
  const monthly = type.endsWith('Monthly');
  const frequency =
    type === 'daily' ? 'DAILY' : type === 'weekly' ? 'WEEKLY' : monthly ? 'MONTHLY' : 'YEARLY';
  const position = index === 'last' ? -1 : INDEXES.indexOf(index) + 1;
  const dtstart = startOf(sample);
  const rule = new RRuleTemporal({
    freq: frequency,
    interval,
    dtstart,
    tzid: zone[1],
    maxIterations: 100_000,
    ...(type === 'weekly' ? { byDay: days.map(code), wkst: code(firstDay) } : {}),
    ...(type.startsWith('relative') ? { byDay: days.map(code), bySetPos: [position] } : {}),
    // Outlook puts the 31st on the last day of shorter months, where the standard leaves them out.
    ...(type.startsWith('absolute')
      ? {
          byMonthDay: Array.from({ length: Math.max(1, dayOfMonth - 27) }, (_, n) => dayOfMonth - n),
          bySetPos: [-1],
        }
      : {}),
    ...(type.endsWith('Yearly') ? { byMonth: [month] } : {}),
    ...(range.type === 'numbered' ? { count: range.count } : {}),
    ...(range.type === 'endDate' ? { until: endOfDay(endDateOf(sample), zone[1]) } : {}),
  });
  const { from, to } = windowOf(sample);
  const zoned = (instant: Temporal.Instant) => instant.toZonedDateTimeISO('UTC');
  const found = rule.between(zoned(from.subtract({ hours: 1 })), zoned(to), true);
  const starts = found
    .map((one) => Temporal.Instant.from(one.toInstant().toString()).epochMilliseconds)
    .filter((start) => start < to.epochMilliseconds && start + 1_800_000 > from.epochMilliseconds);
  return {
    starts: starts.map((start) => new Date(start).toISOString()),
    any: rule.next(new Date(0), true) !== null,
  };
}

function endOfDay(day: string, zone: string): Temporal.ZonedDateTime {
  return Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(zone).subtract({ seconds: 1 });
}

async function expanded(sample: Sample, any: boolean): Promise<string[]> {
  const { type, interval, days, firstDay, index, dayOfMonth, month, range, zone } = sample;
  const start = startOf(sample);
  const startDate = start.toPlainDate().toString();
  const wall = (time: Temporal.ZonedDateTime) => ({
    dateTime: time.toPlainDateTime().toString(),
    timeZone: zone[0],
  });
  const body = {
    start: wall(start),
    end: wall(start.add({ minutes: 30 })),
    recurrence: {
      pattern: { type, interval, daysOfWeek: days, firstDayOfWeek: firstDay, index, dayOfMonth, month },
      range: { type: range.type, startDate, endDate: endDateOf(sample), numberOfOccurrences: range.count },
    },
  };
  if (!any) {
    const refused = await cloud.call('POST', `/users/${astrid.entraId}/events`, { body });
    assert.equal(refused.status, 400, JSON.stringify(sample));
    return [];
  }
  const master = await book(cloud, astrid, body);
  const { from, to } = windowOf(sample);
  const query = `startDateTime=${from}&endDateTime=${to}&$top=1000&$select=start`;
  const { status, json } = await cloud.call('GET', `${at(astrid, master)}/instances?${query}`);
  assert.equal(status, 200, JSON.stringify(json));
  await cloud.call('DELETE', at(astrid, master));
  return json.value.map((one) => new Date(`${one.start.dateTime}Z`).toISOString());
}
