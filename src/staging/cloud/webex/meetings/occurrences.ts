import type { HeldMeeting } from './held-meeting.ts';
import { fallsOn, readRule } from './recurrence-rule.ts';

/** No calendar is asked further ahead. */
const MOST_DAYS = 3_660;

/** One time that a meeting takes place. */
export interface Occurrence {
  /** Of the start that the series gives it: `20200516T230000Z`. */
  readonly stamp: string;
  readonly start: number;
  readonly end: number;
  readonly title: string;
  readonly isModified: boolean;
}

/** The occurrences that end after `from` and begin before `to`, in the order of the series. Deleted ones are none. */
export function occurrencesBetween(meeting: HeldMeeting, from: number, to: number): Occurrence[] {
  const found: Occurrence[] = [];
  for (const start of startsOf(meeting)) {
    // A moved occurrence may lie anywhere: those that the series has around the time are looked at, too.
    if (start > to + 32 * 86_400_000) break;
    const one = occurrenceAt(meeting, start);
    if (one !== null && one.end > from && one.start < to) found.push(one);
  }
  return found;
}

/** The occurrence with this stamp; null when the series has none, or none any more. */
export function occurrence(meeting: HeldMeeting, stamp: string): Occurrence | null {
  for (const start of startsOf(meeting)) if (stampOf(start) === stamp) return occurrenceAt(meeting, start);
  return null;
}

/** Whether some occurrence has not ended yet. */
export function goesOn(meeting: HeldMeeting, now: number): boolean {
  for (const start of startsOf(meeting)) {
    const one = occurrenceAt(meeting, start);
    if (one !== null && one.end > now) return true;
  }
  return false;
}

function occurrenceAt(
  { exceptions, start: first, end, title }: HeldMeeting,
  start: number,
): Occurrence | null {
  const stamp = stampOf(start);
  const exception = exceptions[stamp];
  if (exception === null) return null;
  const plain = { start, end: start + end - first, title };
  return { stamp, ...plain, ...exception, isModified: exception !== undefined };
}

function* startsOf({ start, timezone, recurrence }: HeldMeeting): Generator<number> {
  const rule = recurrence === null ? null : readRule(recurrence);
  if (rule === null) {
    yield start;
    return;
  }
  const first = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(timezone);
  const [date, time] = [first.toPlainDate(), first.toPlainTime()];
  let left = rule.count ?? Number.POSITIVE_INFINITY;
  for (let days = 0; days < MOST_DAYS && left > 0; days += 1) {
    const day = date.add({ days });
    // The first occurrence counts even when it is not on a day of the rule.
    if (days > 0 && !fallsOn(rule, date, day)) continue;
    const at = day.toZonedDateTime({ timeZone: timezone, plainTime: time }).epochMilliseconds;
    if (rule.until !== null && at > rule.until) return;
    left -= 1;
    yield at;
  }
}

function stampOf(instant: number): string {
  return new Date(instant).toISOString().replace(/[-:]|\.\d+/g, '');
}
