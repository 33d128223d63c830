import type { Attendee, Exception, GraphEvent, StoredEvent, StoredSeries } from '../graph-event.ts';
import { isSeries, NO_RESPONSE } from '../graph-event.ts';
import { webLinkOf } from '../item-id.ts';
import { overlaps, type TimeWindow, timesOf } from '../time-window.ts';
import { timestamp, wallClock } from '../time-zone.ts';
import { occurrenceId, occurrenceUid } from './occurrence-id.ts';
import { hasSlot, slotsBetween } from './slots.ts';

type Times = Pick<GraphEvent, 'start' | 'end'>;

const DAY_MS = 86_400_000;

// Zone arithmetic is slow and a series is asked again and again.
const regular = new WeakMap<StoredSeries['series'], Map<string, Times>>();

/** The occurrence or exception of a slot as an event; null when there is none or it was cancelled. */
export function occurrenceOf(master: StoredSeries, slot: string): StoredEvent | null {
  const { cancelled, exceptions } = master.series;
  if (cancelled.includes(slot) || !hasSlot(master.event.recurrence, slot)) return null;
  const exception = exceptions[slot];
  const plain = plainOccurrence(master, slot);
  const event = exception === undefined ? plain : exceptional(master, plain, exception);
  return {
    mailbox: master.mailbox,
    event,
    extended: withOwnExtended(master, exception),
    fingerprint: '',
  };
}

/** The occurrences and exceptions that take place in the window, by their start. */
export function instancesIn(master: StoredSeries, window: TimeWindow): StoredEvent[] {
  return [...plainSlotsIn(master, window), ...Object.keys(master.series.exceptions)]
    .flatMap((slot) => occurrenceOf(master, slot) ?? [])
    .filter(({ event }) => overlaps(timesOf(event), window))
    .toSorted((a, b) => timesOf(a.event).from - timesOf(b.event).from);
}

/** Whether an occurrence or exception takes place in the window. */
export function hasInstanceIn(master: StoredSeries, window: TimeWindow): boolean {
  if (plainSlotsIn(master, window).length > 0) return true;
  return exceptionsOf(master).some(({ event }) => overlaps(timesOf(event), window));
}

/** The exceptions of a series; none of a single event. */
export function exceptionsOf(stored: StoredEvent): StoredEvent[] {
  if (!isSeries(stored)) return [];
  return Object.keys(stored.series.exceptions).flatMap((slot) => occurrenceOf(stored, slot) ?? []);
}

/** Slots whose occurrence may touch the window when it was not moved. */
export function slotsNear(master: StoredSeries, { from, to }: TimeWindow): string[] {
  const { from: start, to: end } = timesOf(master.event);
  const day = (instant: number): string => new Date(instant).toISOString().slice(0, 10);
  // A day more on each side covers every zone.
  return slotsBetween(master.event.recurrence, day(from - (end - start) - DAY_MS), day(to + DAY_MS));
}

/** Where the slot's occurrence lies when nobody moves it: the wall clock of the series in its zone, whatever daylight saving does. */
export function regularTimes(master: StoredSeries, slot: string): Times {
  const known = regular.get(master.series) ?? new Map<string, Times>();
  regular.set(master.series, known);
  const times = known.get(slot) ?? computedTimes(master, slot);
  known.set(slot, times);
  return times;
}

/** Attendees of an exception: answers to the occurrence win over those to the series. */
export function exceptionAttendees(master: GraphEvent, exception: Exception): readonly Attendee[] {
  const toSeries = new Map(master.attendees.map((one) => [addressOf(one), one.status]));
  return (exception.own.attendees ?? master.attendees).map((one) => {
    const answer = exception.answers[addressOf(one)];
    const { proposedNewTime: _series, ...attendee } = one;
    if (answer === undefined) return { ...attendee, status: toSeries.get(addressOf(one)) ?? NO_RESPONSE };
    return { ...attendee, ...answer };
  });
}

function plainSlotsIn(master: StoredSeries, window: TimeWindow): string[] {
  const { exceptions, cancelled } = master.series;
  const gone = new Set(cancelled);
  return slotsNear(master, window).filter(
    (slot) =>
      !gone.has(slot) && !(slot in exceptions) && overlaps(timesOf(regularTimes(master, slot)), window),
  );
}

function computedTimes({ series }: StoredSeries, slot: string): Times {
  const [start, end] = [Temporal.PlainDateTime.from(series.start), Temporal.PlainDateTime.from(series.end)];
  const days = start.toPlainDate().until(end.toPlainDate(), { largestUnit: 'days' }).days;
  const first = Temporal.PlainDate.from(slot);
  const at = (day: Temporal.PlainDate, time: Temporal.PlainTime): number =>
    day.toPlainDateTime(time).toZonedDateTime(series.zone).epochMilliseconds;
  const from = at(first, start.toPlainTime());
  const to = at(first.add({ days }), end.toPlainTime());
  return { start: wallClock(from), end: wallClock(Math.max(from, to)) };
}

function plainOccurrence(master: StoredSeries, slot: string): GraphEvent {
  const id = occurrenceId(master.event.id, slot);
  const times = regularTimes(master, slot);
  return {
    ...master.event,
    ...times,
    id,
    webLink: webLinkOf(id),
    iCalUId: occurrenceUid(master.event.iCalUId, slot),
    transactionId: null,
    seriesMasterId: master.event.id,
    type: 'occurrence',
    recurrence: null,
    originalStart: timestamp(timesOf(times).from),
  };
}

// The change key stays that of the series: all of it is one item (recorded: instances of one series share their etag).
function exceptional({ event }: StoredSeries, plain: GraphEvent, exception: Exception): GraphEvent {
  return {
    ...plain,
    ...exception.own,
    type: 'exception',
    attendees: exceptionAttendees(event, exception),
    lastModifiedDateTime: exception.lastModifiedDateTime,
  };
}

// An occurrence inherits the marks of its series (reference: graph.md 5.4).
function withOwnExtended(master: StoredSeries, exception: Exception | undefined): StoredEvent['extended'] {
  if (exception === undefined || exception.extended.length === 0) return master.extended;
  const all = [...master.extended, ...exception.extended];
  return [...new Map(all.map((one) => [one.id.toLowerCase(), one])).values()];
}

function addressOf({ emailAddress }: Attendee): string {
  return emailAddress.address.toLowerCase();
}
