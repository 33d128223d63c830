import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RRuleTemporal } from 'rrule-temporal';
import { type EventRecurrence, recurrenceRule } from '../../src/domain/recurrence-rule.ts';
import { slotsFrom } from '../../src/staging/cloud/graph/series/slots.ts';
import { DAYS, SERIES } from './recurrence-samples.ts';

type Pattern = EventRecurrence['pattern'];
type Range = EventRecurrence['range'];
const PATTERN: Pattern = {
  type: 'daily',
  interval: 1,
  month: 0,
  dayOfMonth: 0,
  daysOfWeek: [],
  firstDayOfWeek: 'sunday',
  index: 'first',
};
const NO_END: Range = { type: 'noEnd', endDate: '0001-01-01', numberOfOccurrences: 0, zone: '' };

function rule(pattern: Partial<Pattern>, range: Partial<Range> = {}, zone = 'Europe/Berlin', passed = 0) {
  const recurrence = { pattern: { ...PATTERN, ...pattern }, range: { ...NO_END, ...range, zone } };
  const outcome = recurrenceRule(recurrence, passed);
  return outcome.kind === 'rule' ? outcome.rule : outcome.reason;
}

test('every kind of pattern has its rule', () => {
  const weekly = { type: 'weekly', daysOfWeek: ['friday', 'monday'] } as const;
  const rules: [string, string][] = [
    [rule({}), 'FREQ=DAILY'],
    [rule({ interval: 3 }), 'FREQ=DAILY;INTERVAL=3'],
    [rule(weekly), 'FREQ=WEEKLY;BYDAY=MO,FR'],
    [rule({ ...weekly, interval: 2 }), 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;WKST=SU'],
    [rule({ ...weekly, interval: 2, firstDayOfWeek: 'monday' }), 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR'],
    [rule({ type: 'absoluteMonthly', dayOfMonth: 15 }), 'FREQ=MONTHLY;BYMONTHDAY=15'],
    [rule({ type: 'relativeMonthly', daysOfWeek: ['tuesday'], index: 'second' }), 'FREQ=MONTHLY;BYDAY=2TU'],
    [rule({ type: 'relativeMonthly', daysOfWeek: ['friday'], index: 'last' }), 'FREQ=MONTHLY;BYDAY=-1FR'],
    [rule({ type: 'absoluteYearly', month: 3, dayOfMonth: 9 }), 'FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=9'],
    [
      rule({ type: 'relativeYearly', month: 11, daysOfWeek: ['thursday'], index: 'fourth' }),
      'FREQ=YEARLY;BYMONTH=11;BYDAY=4TH',
    ],
  ];
  for (const [made, wanted] of rules) assert.equal(made, wanted);
});

test('a range ends with its count, or with the last second of its last day in the zone of the series', () => {
  assert.equal(rule({}, { type: 'numbered', numberOfOccurrences: 10 }), 'FREQ=DAILY;COUNT=10');
  assert.equal(rule({}, { type: 'numbered', numberOfOccurrences: 10 }, 'UTC', 4), 'FREQ=DAILY;COUNT=6');
  assert.equal(rule({}, { type: 'endDate', endDate: '2026-12-31' }), 'FREQ=DAILY;UNTIL=20261231T225959Z');
  assert.equal(
    rule({}, { type: 'endDate', endDate: '2026-07-31' }, 'America/New_York'),
    'FREQ=DAILY;UNTIL=20260801T035959Z',
  );
});

test('the zone is told by IANA’s name, whoever named it', () => {
  const zoneOf = (zone: string) => {
    const outcome = recurrenceRule({ pattern: PATTERN, range: { ...NO_END, zone } });
    return outcome.kind === 'rule' ? outcome.zone : outcome.reason;
  };
  assert.deepEqual(
    [
      'W. Europe Standard Time',
      'Europe/Stockholm',
      'UTC',
      'tzone://Microsoft/Utc',
      'india standard time',
    ].map(zoneOf),
    ['Europe/Berlin', 'Europe/Stockholm', 'UTC', 'UTC', 'Asia/Kolkata'],
  );
  for (const name of ['tzone://Microsoft/Custom', 'Customized Time Zone', 'Mars/Olympus', ''])
    assert.equal(zoneOf(name), 'UNKNOWN_ZONE', name);
});

test('the last day of a month is said as such, and so are days of any kind', () => {
  const absolute = (month: number, dayOfMonth: number) =>
    rule({ type: 'absoluteYearly', month, dayOfMonth }).split('BYMONTHDAY=')[1];
  assert.equal(rule({ type: 'absoluteMonthly', dayOfMonth: 31 }), 'FREQ=MONTHLY;BYMONTHDAY=-1');
  assert.deepEqual(
    [absolute(1, 31), absolute(4, 31), absolute(2, 29), absolute(2, 28)],
    ['31', '30', '-1', '28'],
  );
  const any = (index: Pattern['index']) => rule({ type: 'relativeMonthly', daysOfWeek: DAYS, index });
  assert.deepEqual([any('third'), any('last')], ['FREQ=MONTHLY;BYMONTHDAY=3', 'FREQ=MONTHLY;BYMONTHDAY=-1']);
});

test('says why a recurrence has no rule', () => {
  assert.equal(rule({ type: 'absoluteMonthly', dayOfMonth: 30 }), 'DAY_NOT_IN_EVERY_MONTH');
  const weekdays = DAYS.slice(0, 5);
  assert.equal(rule({ type: 'relativeMonthly', daysOfWeek: weekdays }), 'SEVERAL_DAYS');
  assert.equal(rule({ type: 'relativeYearly', month: 5, daysOfWeek: weekdays }), 'SEVERAL_DAYS');
  assert.equal(rule({}, { type: 'numbered', numberOfOccurrences: 4 }, 'UTC', 4), 'NO_OCCURRENCES');
  assert.equal(rule({}, {}, 'Mars/Olympus'), 'UNKNOWN_ZONE');
  for (const pattern of [
    { type: 'weekly' },
    { type: 'relativeMonthly' },
    { type: 'absoluteMonthly', dayOfMonth: 32 },
    { type: 'absoluteYearly', month: 13, dayOfMonth: 1 },
    { interval: 0 },
  ] as const)
    assert.equal(rule(pattern), 'MALFORMED');
  assert.equal(rule({}, { type: 'endDate', endDate: 'soon' }), 'MALFORMED');
});

test('the rule gives the days of the calendar, whatever the pattern, the zone and the occurrence it begins with', () => {
  let expressed = 0;
  const check = fc.property(SERIES, ({ recurrence, simulated, zone, time, passed }) => {
    const days = [...slotsFrom(simulated, simulated.range.startDate).take(passed + 12)].slice(passed);
    const outcome = recurrenceRule(recurrence, passed);
    const [first] = days;
    if (outcome.kind === 'inexpressible' || first === undefined) return;
    expressed += 1;
    const dtstart = Temporal.PlainDate.from(first).toPlainDateTime(time).toZonedDateTime(zone);
    const foreign = new RRuleTemporal({ rruleString: `RRULE:${outcome.rule}`, dtstart });
    const dates = foreign.all((_, index) => index < 12).map((one) => one.toPlainDate().toString());
    assert.deepEqual(dates, days);
  });
  fc.assert(check, { numRuns: 1_000, seed: 6 });
  assert.ok(expressed > 500, `only ${expressed} were expressed`);
});
