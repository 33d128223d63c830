import fc from 'fast-check';
import type { EventRecurrence } from '../../src/domain/recurrence-rule.ts';
import { type PatternedRecurrence, readRecurrence } from '../../src/staging/cloud/graph/series/recurrence.ts';

export const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'] as const;

const PARTS = fc.record({
  type: fc.constantFrom(
    'daily',
    'weekly',
    'absoluteMonthly',
    'relativeMonthly',
    'absoluteYearly',
    'relativeYearly',
  ),
  interval: fc.integer({ min: 1, max: 4 }),
  month: fc.integer({ min: 1, max: 12 }),
  dayOfMonth: fc.integer({ min: 1, max: 31 }),
  daysOfWeek: fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1 }),
  firstDayOfWeek: fc.constantFrom(...DAYS),
  index: fc.constantFrom('first', 'second', 'third', 'fourth', 'last'),
  range: fc.constantFrom('noEnd', 'endDate', 'numbered'),
  zone: fc.constantFrom(...ZONES),
  startDay: fc.integer({ min: 0, max: 800 }),
  // Judges differ about the days on which a time is skipped by the clock.
  minute: fc.integer({ min: 3 * 60, max: 24 * 60 - 1 }),
  count: fc.integer({ min: 1, max: 20 }),
  passed: fc.integer({ min: 0, max: 5 }),
});

/** A series as the domain has it, and as the simulated Graph has it, which knows its days. */
export interface SeriesSample {
  readonly recurrence: EventRecurrence;
  readonly simulated: PatternedRecurrence;
  readonly zone: string;
  readonly time: Temporal.PlainTimeLike;
  /** Occurrences that are over already. */
  readonly passed: number;
}

export const SERIES: fc.Arbitrary<SeriesSample> = PARTS.map(
  ({ zone, startDay, minute, count, passed, range: type, ...pattern }) => {
    const startDate = Temporal.PlainDate.from('2026-01-01').add({ days: startDay });
    const endDate = startDate.add({ days: 300 * pattern.interval }).toString();
    const range = { type, endDate, numberOfOccurrences: count } as const;
    const simulated = readRecurrence({ pattern, range: { ...range, startDate: startDate.toString() } });
    if (simulated === null) throw new Error('a sample is a recurrence');
    const time = { hour: Math.floor(minute / 60), minute: minute % 60 };
    return { recurrence: { pattern, range: { ...range, zone } }, simulated, zone, time, passed };
  },
);
