import { utc } from '../staging/graph-calendar.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type GraphTime = ReturnType<typeof utc>;
interface Span {
  readonly start: GraphTime;
  readonly end: GraphTime;
}

/** One hour, this time tomorrow, or so many hours later. */
export function tomorrow(laterHours = 0): Span {
  const from = Date.now() + DAY_MS + laterHours * HOUR_MS;
  return { start: wall(from), end: wall(from + HOUR_MS) };
}

/** Begins on a whole second in so many minutes of the given time, and lasts so many. */
export function inMinutes(now: number, minutes: number, length = 30): Span & { readonly startAt: number } {
  const startAt = Math.floor(now / 1000) * 1000 + minutes * MINUTE_MS;
  return { start: wall(startAt), end: wall(startAt + length * MINUTE_MS), startAt };
}

/** A series that begins tomorrow: so many days, one hour each. */
export function daily(days: number): Span & { readonly recurrence: object } {
  const span = tomorrow();
  const range = {
    type: 'numbered',
    startDate: span.start.dateTime.slice(0, 10),
    numberOfOccurrences: days,
  };
  return { ...span, recurrence: { pattern: { type: 'daily', interval: 1 }, range } };
}

/** A whole day as many days from today. */
export function wholeDay(days: number): Span & { readonly isAllDay: true } {
  const midnight = Date.now() - (Date.now() % DAY_MS) + days * DAY_MS;
  return { start: wall(midnight), end: wall(midnight + DAY_MS), isAllDay: true };
}

function wall(epochMs: number): GraphTime {
  return utc(new Date(epochMs).toISOString().slice(0, 19));
}
