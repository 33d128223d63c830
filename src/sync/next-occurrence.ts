import type { Occasion } from './occasion.ts';
import type { SyncDeps } from './sync-deps.ts';

/** Further apart than this no common series is. */
const AHEAD_MS = 400 * 24 * 60 * 60_000;

/** The next time that an event takes place, and how many occurrences of its series have begun before. */
export interface Occurrence {
  readonly startAt: number;
  readonly endAt: number;
  readonly passed: number;
}

/** Webex takes no series that has begun: it gets what is left of it. Null when nothing is. */
export async function nextOccurrence(deps: SyncDeps, { guid, event }: Occasion): Promise<Occurrence | null> {
  const now = deps.clock.now();
  const { type, recurrence, startAt, endAt } = event;
  if (type !== 'seriesMaster' || startAt > now) return { startAt, endAt, passed: 0 };
  // Only where occurrences are counted does it matter how many are over.
  const from = recurrence?.range.type === 'numbered' ? startAt : now;
  const reading = await deps.graph.readSeries(guid, event.id, { from, to: now + AHEAD_MS });
  if (reading.kind === 'gone') return null;
  const [next] = reading.events.filter((one) => one.startAt > now).toSorted((a, b) => a.startAt - b.startAt);
  const passed = reading.events.filter((one) => one.startAt <= now).length;
  return next === undefined ? null : { startAt: next.startAt, endAt: next.endAt, passed };
}
