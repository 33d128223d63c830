import type { CalendarEvent } from './calendar-event.ts';
import { type Span, webexSpan, wholeMinute } from './webex-span.ts';
import { ianaZone } from './windows-zones.ts';

/** How a series in the calendar differs from its recurrence (reference: graph.md 3.3 and 5.1). */
export interface SeriesDeviations {
  /** Days of the series, `yyyy-mm-dd`, whose occurrence was cancelled. */
  readonly cancelled: readonly string[];
  readonly exceptions: readonly ExceptionTimes[];
}

/** When an exception takes place, and when its series would have it. */
export interface ExceptionTimes extends Span {
  readonly eventId: string;
  readonly originalStartAt: number;
}

/** An occurrence that Webex is to hold at another time than its series says, or not at all. */
export interface Deviation {
  /** Epoch milliseconds, whole minutes: when the series has it. */
  readonly originalStartAt: number;
  /** Null when it does not take place. */
  readonly span: Span | null;
}

/** What Webex is still to be told of, and what it knows then. */
export interface Carrying {
  readonly todo: readonly Deviation[];
  /** `ArrangementRow.carried` when all of it is done. */
  readonly carried: string | null;
}

/**
 * What of a series is still to come and differs from it at Webex; `carried` is what Webex was told before. Exceptions that take
 * place when the series has them are none, unless Webex holds them elsewhere.
 */
export function carrying(
  event: Pick<CalendarEvent, 'startAt' | 'endAt' | 'isAllDay' | 'recurrence'>,
  { cancelled, exceptions }: SeriesDeviations,
  carried: string | null,
  now: number,
): Carrying {
  const known = new Map(readCarried(carried));
  const gone = cancelledStarts(event, { cancelled }).filter((at) => at > now);
  const moved = exceptions.filter(({ startAt }) => startAt > now);
  const length = event.endAt - event.startAt;
  const deviations: Deviation[] = [
    ...gone.map((at) => ({ originalStartAt: wholeMinute(at), span: null })),
    ...moved
      .filter((one) => isElsewhen(one, length) || known.has(stamp(wholeMinute(one.originalStartAt))))
      .map((one) => ({
        originalStartAt: wholeMinute(one.originalStartAt),
        span: webexSpan(one.startAt, one.endAt, now),
      })),
  ];
  const todo = deviations.filter((one) => known.get(stamp(one.originalStartAt)) !== told(one));
  return { todo, carried: deviations.length === 0 ? null : deviations.map(written).join(' ') };
}

/** When the series would have had what was cancelled; nothing where its zone is not known. */
export function cancelledStarts(
  event: Pick<CalendarEvent, 'startAt' | 'isAllDay' | 'recurrence'>,
  { cancelled }: Pick<SeriesDeviations, 'cancelled'>,
): number[] {
  return cancelled.flatMap((day) => startOn(event, day) ?? []);
}

/** `20261201T090000Z` */
export function stamp(instant: number): string {
  return new Date(instant).toISOString().replace(/[-:]|\.\d+/g, '');
}

function isElsewhen({ originalStartAt, startAt, endAt }: ExceptionTimes, length: number): boolean {
  return startAt !== originalStartAt || endAt - startAt !== length;
}

/** When the series would have taken place on this day; null where its zone is not known. Whole days begin at midnight UTC. */
function startOn(
  { startAt, isAllDay, recurrence }: Pick<CalendarEvent, 'startAt' | 'isAllDay' | 'recurrence'>,
  day: string,
): number | null {
  const timeZone = isAllDay ? 'UTC' : ianaZone(recurrence?.range.zone ?? '');
  if (timeZone === null) return null;
  const plainTime = Temporal.Instant.fromEpochMilliseconds(startAt)
    .toZonedDateTimeISO(timeZone)
    .toPlainTime();
  return Temporal.PlainDate.from(day).toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
}

function written(one: Deviation): string {
  return `${stamp(one.originalStartAt)}=${told(one)}`;
}

function told({ span }: Deviation): string {
  return span === null ? '' : `${stamp(span.startAt)}/${stamp(span.endAt)}`;
}

function readCarried(text: string | null): [string, string][] {
  return (text ?? '').split(' ').map((one) => {
    const [original = '', times = ''] = one.split('=');
    return [original, times];
  });
}
