import type { EventRecurrence } from '../domain/recurrence-rule.ts';
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
 * Webex takes no series that has begun: it gets what is left of it, at the series' own time of day where any of those is left that
 * nobody moved. Null when nothing is left.
 */
export async function nextOccurrence(deps: SyncDeps, { guid, event }: Occasion): Promise<Occurrence | null> {
  const now = deps.clock.now();
  const { type, recurrence, startAt, endAt } = event;
  if (type !== 'seriesMaster' || startAt > now) return { startAt, endAt, passed: 0 };
  // Only where occurrences are counted does it matter how many are over.
  const from = recurrence?.range.type === 'numbered' ? startAt : now;
  const reading = await deps.graph.readSeries(guid, event.id, { from, to: now + aheadMs(recurrence) });
  if (reading.kind === 'gone') return null;
  const toCome = reading.events.filter((one) => one.startAt > now).toSorted((a, b) => a.startAt - b.startAt);
  const next = toCome.find((one) => one.type === 'occurrence') ?? toCome[0];
  if (next === undefined) return null;
  const passed = reading.events.filter((one) => one.startAt < next.startAt).length;
  return { startAt: next.startAt, endAt: next.endAt, passed };
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
