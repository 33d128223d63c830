import {
  type DayOfWeek,
  dayNumber,
  type PatternedRecurrence,
  type RecurrencePattern,
  type WeekIndex,
} from './recurrence.ts';

type PlainDate = Temporal.PlainDate;

const NTH: Readonly<Record<WeekIndex, number>> = { first: 0, second: 1, third: 2, fourth: 3, last: -1 };

// A range that counts its occurrences ends where the count does: found once for each recurrence.
const lastOfNumbered = new WeakMap<PatternedRecurrence, string | null>();

/**
 * The days of a recurrence in order, from the given one (`yyyy-mm-dd`) on, whether or not an occurrence was moved or cancelled
 * since. Endless for a recurrence without an end.
 */
export function* slotsFrom(recurrence: PatternedRecurrence, from: string): Generator<string> {
  const last = lastSlot(recurrence);
  for (const slot of endlessSlots(recurrence, from)) {
    if (last === null || slot > last) return;
    yield slot;
  }
}

/** The slots from one day to another, both included. */
export function slotsBetween(recurrence: PatternedRecurrence, from: string, to: string): string[] {
  const found: string[] = [];
  for (const slot of slotsFrom(recurrence, from)) {
    if (slot > to) break;
    found.push(slot);
  }
  return found;
}

/** The slots before the given day, the nearest first. */
export function* slotsBefore(recurrence: PatternedRecurrence, day: string): Generator<string> {
  const first = Temporal.PlainDate.from(recurrence.range.startDate);
  const { pattern } = recurrence;
  for (let n = periodOf(pattern, first, Temporal.PlainDate.from(day)); n >= 0; n -= 1) {
    const slots = datesOfPeriod(pattern, first, n).map(String).toReversed();
    yield* slots.filter((slot) => slot < day && slot >= recurrence.range.startDate);
  }
}

/** Whether the recurrence has that day. */
export function hasSlot(recurrence: PatternedRecurrence, slot: string): boolean {
  return slotsFrom(recurrence, slot).next().value === slot;
}

/** The last slot; null when there is none at all. A recurrence without an end has one in the year 9999. */
export function lastSlot(recurrence: PatternedRecurrence): string | null {
  const { range } = recurrence;
  if (range.type === 'noEnd') return '9999-12-31';
  if (range.type === 'endDate') return range.endDate;
  const known = lastOfNumbered.get(recurrence);
  if (known !== undefined) return known;
  const last = countedSlot(recurrence, range.numberOfOccurrences);
  lastOfNumbered.set(recurrence, last);
  return last;
}

function countedSlot(recurrence: PatternedRecurrence, count: number): string | null {
  let left = count;
  for (const slot of endlessSlots(recurrence, recurrence.range.startDate)) {
    left -= 1;
    if (left === 0) return slot;
  }
  return null;
}

// As if the range had no end, up to the year 9999.
function* endlessSlots({ pattern, range }: PatternedRecurrence, from: string): Generator<string> {
  const first = Temporal.PlainDate.from(range.startDate);
  const begin = from < range.startDate ? range.startDate : from;
  for (let n = periodOf(pattern, first, Temporal.PlainDate.from(begin)); ; n += 1) {
    const dates = datesOfPeriod(pattern, first, n);
    if ((dates[0]?.year ?? 0) > 9999) return;
    yield* dates.map(String).filter((slot) => slot >= begin);
  }
}

/** In which of its periods, counted from that of the first day, the pattern is on a day; 0 before the first day. */
function periodOf(pattern: RecurrencePattern, first: PlainDate, day: PlainDate): number {
  const { type, interval, firstDayOfWeek } = pattern;
  const months = (day.year - first.year) * 12 + day.month - first.month;
  const units =
    type === 'daily'
      ? daysBetween(first, day)
      : type === 'weekly'
        ? Math.floor(daysBetween(weekOf(first, firstDayOfWeek), day) / 7)
        : type.endsWith('Monthly')
          ? months
          : day.year - first.year;
  return Math.max(0, Math.floor(units / interval));
}

function datesOfPeriod(pattern: RecurrencePattern, first: PlainDate, n: number): PlainDate[] {
  const { type, interval, month, dayOfMonth, firstDayOfWeek, daysOfWeek = [] } = pattern;
  const steps = n * interval;
  if (type === 'daily') return [first.add({ days: steps })];
  if (type === 'weekly') {
    const week = weekOf(first, firstDayOfWeek).add({ weeks: steps });
    const places = daysOfWeek.map((day) => placeInWeek(dayNumber(day), firstDayOfWeek));
    return places.toSorted((a, b) => a - b).map((days) => week.add({ days }));
  }
  const begin = type.endsWith('Monthly')
    ? first.with({ day: 1 }).add({ months: steps })
    : first.with({ day: 1, month }).add({ years: steps });
  // The 31st is the last day of shorter months, as is 29 February in common years.
  if (type.startsWith('absolute')) return [begin.with({ day: Math.min(dayOfMonth, begin.daysInMonth) })];
  return daysAmong(begin, begin.daysInMonth, daysOfWeek).slice(NTH[pattern.index]).slice(0, 1);
}

function daysAmong(begin: PlainDate, length: number, daysOfWeek: readonly DayOfWeek[]): PlainDate[] {
  const wanted = new Set(daysOfWeek.map(dayNumber));
  const days = Array.from({ length }, (_, n) => begin.add({ days: n }));
  return days.filter((day) => wanted.has(day.dayOfWeek));
}

function weekOf(day: PlainDate, firstDayOfWeek: DayOfWeek): PlainDate {
  return day.subtract({ days: placeInWeek(day.dayOfWeek, firstDayOfWeek) });
}

// How many days after the first day of the week a day of the week comes.
function placeInWeek(dayOfWeek: number, firstDayOfWeek: DayOfWeek): number {
  return (dayOfWeek - dayNumber(firstDayOfWeek) + 7) % 7;
}

function daysBetween(from: PlainDate, to: PlainDate): number {
  return from.until(to, { largestUnit: 'days' }).days;
}
