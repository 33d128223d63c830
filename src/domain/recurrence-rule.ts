import { ianaZone } from './windows-zones.ts';

/** Days as Graph names them, beside the two letters of RFC 2445. */
const DAYS = {
  monday: 'MO',
  tuesday: 'TU',
  wednesday: 'WE',
  thursday: 'TH',
  friday: 'FR',
  saturday: 'SA',
  sunday: 'SU',
} as const;
const NTH = { first: 1, second: 2, third: 3, fourth: 4, last: -1 } as const;
/** The longest that each month gets; an absolute day beyond it falls on the month's last day. */
const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const SHORTEST_MONTH = 28;
const LAST_DAY = -1;

export type DayOfWeek = keyof typeof DAYS;

/** A Graph recurrence (reference: graph.md 1.4). Members that a pattern does not use are not looked at. */
export interface EventRecurrence {
  readonly pattern: {
    readonly type:
      | 'daily'
      | 'weekly'
      | 'absoluteMonthly'
      | 'relativeMonthly'
      | 'absoluteYearly'
      | 'relativeYearly';
    readonly interval: number;
    /** 1 to 12. */
    readonly month: number;
    /** 1 to 31. */
    readonly dayOfMonth: number;
    readonly daysOfWeek: readonly DayOfWeek[];
    readonly firstDayOfWeek: DayOfWeek;
    readonly index: keyof typeof NTH;
  };
  readonly range: {
    readonly type: 'endDate' | 'noEnd' | 'numbered';
    /** `2026-12-31` in the zone of the series; the last day that may have an occurrence. */
    readonly endDate: string;
    readonly numberOfOccurrences: number;
    /** As Graph names it: by Microsoft's name, or IANA's. */
    readonly zone: string;
  };
}

/** What of a recurrence Webex has no words for: it takes one day or date for months and years (reference: webex.md 4.4). */
export type Inexpressible =
  /** The 29th or 30th, which falls on the last day of shorter months in the calendar and nowhere at Webex. */
  | 'DAY_NOT_IN_EVERY_MONTH'
  /** The first weekday of a month, say. */
  | 'SEVERAL_DAYS'
  /** Nothing is left, or never was. */
  | 'NO_OCCURRENCES'
  | 'UNKNOWN_ZONE'
  /** Members that the pattern needs are missing or out of range. */
  | 'MALFORMED';

export type RecurrenceRule =
  | {
      readonly kind: 'rule';
      readonly rule: string;
      /** IANA zone in which the rule holds: it goes along. */
      readonly zone: string;
    }
  | { readonly kind: 'inexpressible'; readonly reason: Inexpressible };

/**
 * The recurrence as Webex takes it (RFC 2445, reference: webex.md 4.4). `passed` occurrences lie before the start that goes with
 * it, when the first ones are over already.
 */
export function recurrenceRule({ pattern, range }: EventRecurrence, passed = 0): RecurrenceRule {
  const zone = ianaZone(range.zone);
  if (zone === null) return inexpressible('UNKNOWN_ZONE');
  const days = daysOf(pattern);
  if (typeof days === 'string') return inexpressible(days);
  const end = endOf(range, zone, passed);
  if (typeof end === 'string') return inexpressible(end);
  if (!isCount(pattern.interval)) return inexpressible('MALFORMED');
  const interval = pattern.interval === 1 ? {} : { INTERVAL: pattern.interval };
  const parts = Object.entries({ FREQ: frequencyOf(pattern), ...interval, ...days, ...end });
  return { kind: 'rule', rule: parts.map(([name, value]) => `${name}=${value}`).join(';'), zone };
}

type Pattern = EventRecurrence['pattern'];
type Parts = Readonly<Record<string, string | number>>;

function frequencyOf({ type }: Pattern): string {
  if (type === 'daily' || type === 'weekly') return type.toUpperCase();
  return type.endsWith('Monthly') ? 'MONTHLY' : 'YEARLY';
}

function daysOf(pattern: Pattern): Parts | Inexpressible {
  const { type, month } = pattern;
  if (type === 'daily') return {};
  if (type === 'weekly') return daysOfWeek(pattern);
  const isYearly = type.endsWith('Yearly');
  if (isYearly && LONGEST[month - 1] === undefined) return 'MALFORMED';
  const day = type.startsWith('absolute') ? absoluteDay(pattern, isYearly) : relativeDay(pattern);
  if (typeof day === 'string' || !isYearly) return day;
  return { BYMONTH: month, ...day };
}

function daysOfWeek({ daysOfWeek: days, interval, firstDayOfWeek }: Pattern): Parts | Inexpressible {
  const names = namesOf(days);
  if (names.length === 0) return 'MALFORMED';
  // Where a week begins only matters when weeks are left out; Monday goes without saying.
  const matters = interval > 1 && names.length > 1 && firstDayOfWeek !== 'monday';
  return { BYDAY: names.join(','), ...(matters && { WKST: DAYS[firstDayOfWeek] }) };
}

function absoluteDay({ dayOfMonth, month }: Pattern, isYearly: boolean): Parts | Inexpressible {
  if (!isCount(dayOfMonth) || dayOfMonth > 31) return 'MALFORMED';
  if (dayOfMonth <= SHORTEST_MONTH) return { BYMONTHDAY: dayOfMonth };
  if (!isYearly) return dayOfMonth === 31 ? { BYMONTHDAY: LAST_DAY } : 'DAY_NOT_IN_EVERY_MONTH';
  // In one month only February has no fixed last day.
  const longest = LONGEST[month - 1] ?? 0;
  return { BYMONTHDAY: month === 2 ? LAST_DAY : Math.min(dayOfMonth, longest) };
}

function relativeDay({ daysOfWeek: days, index }: Pattern): Parts | Inexpressible {
  const names = namesOf(days);
  const [first] = names;
  if (first === undefined) return 'MALFORMED';
  // The second day of any kind is the 2nd.
  if (names.length === 7) return { BYMONTHDAY: NTH[index] };
  return names.length === 1 ? { BYDAY: `${NTH[index]}${first}` } : 'SEVERAL_DAYS';
}

/** In the order of the week, each once. */
function namesOf(days: readonly DayOfWeek[]): string[] {
  return Object.entries(DAYS).flatMap(([day, name]) => (days.some((one) => one === day) ? [name] : []));
}

function endOf(range: EventRecurrence['range'], zone: string, passed: number): Parts | Inexpressible {
  if (range.type === 'noEnd') return {};
  if (range.type === 'endDate') return lastDay(range.endDate, zone);
  const left = range.numberOfOccurrences - passed;
  return isCount(left) ? { COUNT: left } : 'NO_OCCURRENCES';
}

// The last second of the day: none of its occurrences begins later, and in the zone of the series it is no other day.
function lastDay(date: string, zone: string): Parts | Inexpressible {
  const midnight = plainDate(date)?.add({ days: 1 }).toZonedDateTime(zone).toInstant();
  return midnight === undefined ? 'MALFORMED' : { UNTIL: stamp(midnight.subtract({ seconds: 1 })) };
}

function plainDate(date: string): Temporal.PlainDate | null {
  try {
    return Temporal.PlainDate.from(date);
  } catch {
    return null;
  }
}

/** `20261231T225959Z` */
function stamp(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: 'second' }).replace(/[-:]/g, '');
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function inexpressible(reason: Inexpressible): RecurrenceRule {
  return { kind: 'inexpressible', reason };
}
