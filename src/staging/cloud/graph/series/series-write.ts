import type { GraphEvent, Series, StoredEvent, StoredSeries } from '../graph-event.ts';
import { isSeries } from '../graph-event.ts';
import { invalid } from '../graph-refusal.ts';
import { timesOf } from '../time-window.ts';
import { ianaZone } from '../time-zone.ts';
import { regularTimes } from './occurrence.ts';
import type { PatternedRecurrence } from './recurrence.ts';
import { slotsFrom } from './slots.ts';

type Written = Pick<StoredEvent, 'event' | 'series'>;

// Zones that Exchange itself writes for wall clocks that it cannot name (reference: graph.md 1.4).
const NAMELESS = /^(|tzone:\/\/Microsoft\/Custom|Customized Time Zone)$/i;

/** The master of a new series. Its start becomes that of the first occurrence. Refuses a range without any. */
export function asSeries(
  event: GraphEvent,
  recurrence: PatternedRecurrence,
): Pick<StoredSeries, 'event' | 'series'> {
  const zoneName = zoneNameOf(event, recurrence);
  const zone = event.isAllDay ? 'UTC' : ianaZone(zoneName);
  const { from, to } = timesOf(event);
  const [start, end] = [wallIn(zone, from), wallIn(zone, to)];
  refuseOtherStart(event, recurrence, start);
  const days = { ...recurrence.range, startDate: start.toPlainDate().toString() };
  const first = slotsFrom({ ...recurrence, range: days }, days.startDate).next();
  if (first.done === true)
    throw invalid('ErrorPropertyValidationFailure', 'The recurrence has no occurrence in its range.');
  const shift = start.toPlainDate().until(Temporal.PlainDate.from(first.value), { largestUnit: 'days' });
  const range = { ...days, startDate: first.value, recurrenceTimeZone: zoneName };
  const series: Series = {
    zone,
    start: start.add(shift).toString(),
    end: end.add(shift).toString(),
    cancelled: [],
    exceptions: {},
  };
  const master = { ...event, type: 'seriesMaster', recurrence: { ...recurrence, range } } as const;
  const times = regularTimes(
    { mailbox: '', event: master, series, extended: [], fingerprint: '' },
    first.value,
  );
  return { event: { ...master, ...times }, series };
}

/**
 * What a write makes of an event's recurrence. `undefined`: it was not written. New times or another recurrence take the
 * exceptions and the cancellations away (reference: graph.md op 8); what says the same as before does not.
 */
export function withRecurrence(
  stored: StoredEvent,
  written: GraphEvent,
  recurrence: PatternedRecurrence | null | undefined,
): Written {
  if (!isSeries(stored)) return recurrence ? asSeries(written, recurrence) : { event: written };
  if (recurrence === null) return { event: { ...written, type: 'singleInstance', recurrence: null } };
  const wanted = recurrence === undefined ? follow(stored, written) : named(stored, recurrence);
  const same = JSON.stringify(wanted) === JSON.stringify(stored.event.recurrence);
  if (same && !movesSeries(stored.event, written)) return { event: written, series: stored.series };
  return asSeries(written, wanted);
}

function movesSeries(before: GraphEvent, after: GraphEvent): boolean {
  return (
    before.start.dateTime !== after.start.dateTime ||
    before.end.dateTime !== after.end.dateTime ||
    before.isAllDay !== after.isAllDay
  );
}

// The range begins where the series now begins.
function follow({ event }: StoredSeries, written: GraphEvent): PatternedRecurrence {
  const { recurrence } = event;
  const zone = written.isAllDay ? 'UTC' : ianaZone(zoneNameOf(written, recurrence));
  const startDate = wallIn(zone, timesOf(written).from).toPlainDate().toString();
  return { ...recurrence, range: { ...recurrence.range, startDate } };
}

// A zone that was left out stays as it was.
function named({ event }: StoredSeries, recurrence: PatternedRecurrence): PatternedRecurrence {
  const { recurrenceTimeZone } = recurrence.range;
  if (!NAMELESS.test(recurrenceTimeZone)) return recurrence;
  const kept = event.recurrence.range.recurrenceTimeZone;
  return { ...recurrence, range: { ...recurrence.range, recurrenceTimeZone: kept } };
}

function zoneNameOf(event: GraphEvent, { range }: PatternedRecurrence): string {
  return NAMELESS.test(range.recurrenceTimeZone) ? event.originalStartTimeZone : range.recurrenceTimeZone;
}

// It has to be the day of the start, as the series' zone or as the start's own counts days.
function refuseOtherStart(
  event: GraphEvent,
  { range }: PatternedRecurrence,
  start: Temporal.PlainDateTime,
): void {
  const own = event.isAllDay ? 'UTC' : ianaZone(event.originalStartTimeZone);
  const days = [start, wallIn(own, timesOf(event).from)].map((one) => one.toPlainDate().toString());
  if (days.includes(range.startDate)) return;
  const message = "The recurrence range's startDate must be the day of the event's start.";
  throw invalid('ErrorPropertyValidationFailure', message);
}

function wallIn(zone: string, instant: number): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDateTime();
}
