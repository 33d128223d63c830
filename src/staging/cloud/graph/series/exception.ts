import type { CloudContext } from '../../cloud-context.ts';
import type { Exception, GraphEvent, OccurrenceAnswer, StoredSeries } from '../graph-event.ts';
import { timestamp } from '../time-zone.ts';

/** The members of an event that a write can give an exception, whatever else it takes from its series. */
type Member = keyof GraphEvent;

// From its first moment an exception has these of its own: later writes to the series do not reach them (graph.md 5.1).
const ALWAYS_OWN: readonly Member[] = [
  'body',
  'bodyPreview',
  'location',
  'locations',
  'start',
  'end',
  'isAllDay',
  'originalStartTimeZone',
  'originalEndTimeZone',
];

/** What an exception becomes when its event changes: what differs is its own from now on. */
export function changedException(
  context: CloudContext,
  before: Exception | undefined,
  event: { readonly before: GraphEvent; readonly after: GraphEvent },
): Exception {
  const members = Object.keys(event.after) as Member[];
  const differing = members.filter((name) => !sameValue(event.before[name], event.after[name]));
  const own = [...ALWAYS_OWN, ...Object.keys(before?.own ?? {}), ...differing] as Member[];
  return {
    own: Object.fromEntries(own.map((name) => [name, event.after[name]])),
    answers: before?.answers ?? {},
    extended: before?.extended ?? [],
    lastModifiedDateTime: timestamp(context.clock.now()),
  };
}

/** The exception with an attendee's answer to this occurrence alone. */
export function withOccurrenceAnswer(
  exception: Exception,
  address: string,
  answer: OccurrenceAnswer,
): Exception {
  return { ...exception, answers: { ...exception.answers, [address.toLowerCase()]: answer } };
}

/** The series with an exception in a slot; a cancelled occurrence comes back with it. */
export function withException(master: StoredSeries, slot: string, exception: Exception): StoredSeries {
  const { cancelled, exceptions } = master.series;
  const series = {
    ...master.series,
    cancelled: cancelled.filter((one) => one !== slot),
    exceptions: { ...exceptions, [slot]: exception },
  };
  return { ...master, series };
}

/** The series without the occurrence of a slot. */
export function withoutOccurrence(master: StoredSeries, slot: string): StoredSeries {
  const { [slot]: _gone, ...exceptions } = master.series.exceptions;
  const cancelled = [...new Set([...master.series.cancelled, slot])].toSorted();
  return { ...master, series: { ...master.series, cancelled, exceptions } };
}

function sameValue(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
