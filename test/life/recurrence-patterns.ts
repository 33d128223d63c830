/** How a series repeats, as Graph takes it; times are added by the test. */
export interface Pattern {
  readonly pattern: Readonly<Record<string, unknown>>;
  readonly range: 'noEnd' | 'endDate' | 'numbered';
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const ALL_DAYS = [...WEEKDAYS, 'saturday', 'sunday'];
const ranges = ['noEnd', 'endDate', 'numbered'] as const;

function of(type: string, members: readonly object[]): Pattern[] {
  return members.map((more, n) => ({
    pattern: { type, interval: 1, ...more },
    range: ranges[n % ranges.length] ?? 'noEnd',
  }));
}

const weekly = (interval: number, daysOfWeek: readonly string[], firstDayOfWeek = 'monday') => ({
  interval,
  daysOfWeek,
  firstDayOfWeek,
});
const monthly = (dayOfMonth: number, interval = 1) => ({ interval, dayOfMonth });
const nth = (index: string, daysOfWeek: readonly string[], interval = 1) => ({ interval, index, daysOfWeek });

/** Forty ways in which people's meetings recur. */
export const PATTERNS: readonly Pattern[] = [
  ...of('daily', [{}, {}, { interval: 2 }, { interval: 3 }, { interval: 7 }, { interval: 10 }]),
  ...of('weekly', [
    weekly(1, ['monday']),
    weekly(1, WEEKDAYS),
    weekly(1, ['tuesday', 'thursday']),
    weekly(2, ['wednesday']),
    weekly(2, ['friday', 'monday'], 'sunday'),
    weekly(3, ['saturday', 'sunday']),
    weekly(1, ALL_DAYS),
    weekly(4, ['monday', 'wednesday', 'friday'], 'sunday'),
    weekly(1, ['sunday'], 'sunday'),
    weekly(6, ['tuesday']),
  ]),
  ...of('absoluteMonthly', [
    monthly(1),
    monthly(7),
    monthly(15),
    monthly(28),
    monthly(29),
    monthly(30),
    monthly(31),
    monthly(12, 2),
    monthly(20, 3),
  ]),
  ...of('relativeMonthly', [
    nth('first', ['monday']),
    nth('second', ['tuesday']),
    nth('third', ['wednesday']),
    nth('fourth', ['thursday']),
    nth('last', ['friday']),
    nth('first', WEEKDAYS),
    nth('last', WEEKDAYS),
    nth('first', ALL_DAYS),
    nth('second', ['saturday'], 2),
  ]),
  ...of('absoluteYearly', [
    { month: 12, dayOfMonth: 24 },
    { month: 1, dayOfMonth: 1 },
    { month: 2, dayOfMonth: 29 },
  ]),
  ...of('relativeYearly', [
    { month: 11, ...nth('fourth', ['thursday']) },
    { month: 1, ...nth('first', ['monday']) },
    { month: 12, ...nth('last', WEEKDAYS) },
  ]),
];
