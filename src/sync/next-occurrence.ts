import type { CalendarEvent } from '../domain/calendar-event.ts';
import type { EventRecurrence } from '../domain/recurrence-rule.ts';
import { cancelledStarts, type SeriesDeviations } from '../domain/series-deviations.ts';
import type { Occasion } from './occasion.ts';
import type { SyncDeps } from './sync-deps.ts';

/** Further apart than this are occurrences of no series but those of every few years. */
const AHEAD_MS = 400 * 24 * 60 * 60_000;

/** The next time that an event takes place, and how many occurrences of its series have begun before. */
export interface Occurrence {
  readonly startAt: number;
  readonly endAt: number;
  readonly passed: number;
}

/**
 * Webex takes no series that has begun: it gets what is left of it, at the series' own time of day where any of those is left. What
 * of it was moved or cancelled by itself is carried afterwards (carry-occurrences.ts). Null when nothing is left.
 */
export async function nextOccurrence(deps: SyncDeps, { guid, event }: Occasion): Promise<Occurrence | null> {
  const now = deps.clock.now();
  const { type, recurrence, startAt, endAt } = event;
  if (type !== 'seriesMaster' || startAt > now) return { startAt, endAt, passed: 0 };
  // Only where occurrences are counted does it matter how many are over.
  const from = recurrence?.range.type === 'numbered' ? startAt : now;
  const reading = await deps.graph.readSeries(guid, event.id, { from, to: now + aheadMs(recurrence) });
  if (reading.kind === 'gone') return null;
  const deviations = await deps.graph.readDeviations(guid, event.id);
  const slots = slotsOf(reading.events, deviations);
  const next = slots.find((at) => at > now);
  if (next === undefined) return movedLast(reading.events, now);
  const cancelled = cancelledStarts(event, deviations).filter((at) => at < next);
  const passed = slots.filter((at) => at < next).length + cancelled.length;
  return { startAt: next, endAt: next + endAt - startAt, passed };
}

/** When the series itself has those that take place, in order. */
function slotsOf(events: readonly CalendarEvent[], { exceptions }: SeriesDeviations): number[] {
  const originals = new Map(exceptions.map(({ eventId, originalStartAt }) => [eventId, originalStartAt]));
  return events.map(({ id, startAt }) => originals.get(id) ?? startAt).sort((a, b) => a - b);
}

/** Nothing is left but what was moved there from what is over. */
function movedLast(events: readonly CalendarEvent[], now: number): Occurrence | null {
  const toCome = events.filter((one) => one.startAt > now).toSorted((a, b) => a.startAt - b.startAt);
  const [next] = toCome;
  if (next === undefined) return null;
  return { startAt: next.startAt, endAt: next.endAt, passed: events.length - toCome.length };
}

/** Whether the occurrences of a series are over: the end that it names itself may lie later. */
export async function isOver(deps: SyncDeps, at: Occasion): Promise<boolean> {
  const { type, recurrence } = at.event;
  if (type !== 'seriesMaster' || recurrence === null || recurrence.range.type === 'noEnd') return false;
  return (await nextOccurrence(deps, at)) === null;
}

function aheadMs(recurrence: EventRecurrence | null): number {
  const isYearly = recurrence?.pattern.type.endsWith('Yearly') === true;
  return AHEAD_MS * (isYearly ? recurrence.pattern.interval : 1);
}
