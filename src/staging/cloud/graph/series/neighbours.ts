import type { GraphEvent, StoredSeries } from '../graph-event.ts';
import { invalid } from '../graph-refusal.ts';
import { timesOf } from '../time-window.ts';
import { occurrenceOf } from './occurrence.ts';
import { slotsBefore, slotsFrom } from './slots.ts';

/**
 * Refuses to move an occurrence to or past the day of the one before or behind it, and into their time. Cancelled ones don't
 * count (reference: graph.md op 8).
 */
export function refuseCrossing(master: StoredSeries, slot: string, moved: GraphEvent): void {
  const [before, after] = [
    nearest(master, slotsBefore(master.event.recurrence, slot)),
    follower(master, slot),
  ];
  const { from, to } = timesOf(moved);
  const day = dayIn(master, from);
  const early = before !== null && (day <= dayIn(master, timesOf(before).from) || from < timesOf(before).to);
  const late = after !== null && (day >= dayIn(master, timesOf(after).from) || to > timesOf(after).from);
  if (!early && !late) return;
  const message = 'Modified occurrence is crossing or overlapping adjacent occurrence.';
  throw invalid('ErrorOccurrenceCrossingBoundary', message);
}

function follower(master: StoredSeries, slot: string): GraphEvent | null {
  const following = slotsFrom(master.event.recurrence, slot);
  following.next();
  return nearest(master, following);
}

function nearest(master: StoredSeries, slots: Iterable<string>): GraphEvent | null {
  for (const slot of slots) {
    const found = occurrenceOf(master, slot);
    if (found !== null) return found.event;
  }
  return null;
}

function dayIn({ series }: StoredSeries, instant: number): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(series.zone);
  return zoned.toPlainDate().toString();
}
