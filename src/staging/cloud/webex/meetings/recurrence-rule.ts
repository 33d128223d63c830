type PlainDate = Temporal.PlainDate;

const DAYS: readonly string[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
const PARTS = new Set(['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'BYMONTHDAY', 'BYMONTH', 'WKST']);
const UNTIL = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z)?$/;
const NTH_DAY = /^([1-5]|-1)?(MO|TU|WE|TH|FR|SA|SU)$/;

interface NthDay {
  /** Null for every one. */
  readonly nth: number | null;
  /** 1 for Monday. */
  readonly day: number;
}

/** A rule of RFC 2445 as far as Webex takes it (reference: webex.md 4.4). */
export interface Rule {
  readonly frequency: (typeof FREQUENCIES)[number];
  readonly interval: number;
  readonly count: number | null;
  /** Epoch milliseconds, included; null for no end. */
  readonly until: number | null;
  readonly days: readonly NthDay[];
  readonly monthDay: number | null;
  readonly month: number | null;
  /** The day that a week begins with. */
  readonly weekStart: number;
}

/** Null when it is no rule, or holds what Webex does not know. Of several days in months and years only the first is taken. */
export function readRule(text: string): Rule | null {
  const parts = new Map(
    text
      .replace(/^RRULE:/, '')
      .split(';')
      .map((part) => splitOnce(part)),
  );
  if ([...parts.keys()].some((name) => !PARTS.has(name))) return null;
  const frequency = FREQUENCIES.find((one) => one === parts.get('FREQ'));
  const days = (parts.get('BYDAY')?.split(',') ?? []).map(nthDay);
  const [interval = 1, count, monthDay, month] = ['INTERVAL', 'COUNT', 'BYMONTHDAY', 'BYMONTH'].map((name) =>
    wholeOf(parts.get(name)),
  );
  const until = untilOf(parts.get('UNTIL'));
  const numbers = [interval, count, monthDay, month, until];
  if (frequency === undefined || numbers.some(Number.isNaN) || days.includes(null)) return null;
  if (interval < 1 || (count ?? 1) < 1 || (count !== undefined && until !== undefined)) return null;
  const known = days.filter((day) => day !== null);
  const nth = known.some((day) => day.nth !== null);
  if (frequency === 'WEEKLY' && nth) return null;
  return {
    frequency,
    interval,
    count: count ?? null,
    until: until ?? null,
    days: frequency === 'MONTHLY' || frequency === 'YEARLY' ? known.slice(0, 1) : known,
    monthDay: monthDay ?? null,
    month: month ?? null,
    weekStart: Math.max(1, DAYS.indexOf(parts.get('WKST') ?? '') + 1),
  };
}

/** Whether an occurrence falls on the day when the first one is on `first`; the end of the rule is not looked at. */
export function fallsOn(rule: Rule, first: PlainDate, day: PlainDate): boolean {
  return periodsBetween(rule, first, day) % rule.interval === 0 && isDayOf(rule, first, day);
}

function periodsBetween({ frequency, weekStart }: Rule, first: PlainDate, day: PlainDate): number {
  if (frequency === 'YEARLY') return day.year - first.year;
  if (frequency === 'MONTHLY') return (day.year - first.year) * 12 + day.month - first.month;
  if (frequency === 'DAILY') return daysBetween(first, day);
  return Math.floor(daysBetween(weekOf(first, weekStart), day) / 7);
}

function isDayOf(rule: Rule, first: PlainDate, day: PlainDate): boolean {
  const { frequency, days, monthDay, month } = rule;
  if (month !== null && day.month !== month) return false;
  if (frequency === 'YEARLY' && month === null && day.month !== first.month) return false;
  if (monthDay !== null && day.day !== (monthDay < 0 ? day.daysInMonth + 1 + monthDay : monthDay))
    return false;
  if (days.length > 0) return days.some((one) => isNth(one, day));
  if (monthDay !== null || frequency === 'DAILY') return true;
  return frequency === 'WEEKLY' ? day.dayOfWeek === first.dayOfWeek : day.day === first.day;
}

function isNth({ nth, day: wanted }: NthDay, day: PlainDate): boolean {
  if (day.dayOfWeek !== wanted) return false;
  if (nth === null) return true;
  return nth < 0 ? day.day + 7 > day.daysInMonth : Math.ceil(day.day / 7) === nth;
}

function weekOf(day: PlainDate, weekStart: number): PlainDate {
  return day.subtract({ days: (day.dayOfWeek - weekStart + 7) % 7 });
}

function daysBetween(from: PlainDate, to: PlainDate): number {
  return from.until(to, { largestUnit: 'days' }).days;
}

function nthDay(text: string): NthDay | null {
  const [, nth, name] = NTH_DAY.exec(text) ?? [];
  const day = DAYS.indexOf(name ?? '') + 1;
  return day === 0 ? null : { nth: nth === undefined ? null : Number(nth), day };
}

// Of several dates only the first is taken.
function wholeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [first = ''] = text.split(',');
  return /^-?\d{1,4}$/.test(first) ? Number(first) : Number.NaN;
}

function untilOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, year, month, day, hour = '23', minute = '59', second = '59'] = UNTIL.exec(text) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function splitOnce(part: string): [string, string] {
  const [name = '', ...value] = part.split('=');
  return [name, value.join('=')];
}
