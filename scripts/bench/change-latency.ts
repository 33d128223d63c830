import type { Change } from './calendar-load.ts';

/** A row of the simulated Graph's record of writes. */
export interface Write {
  /** ISO 8601. */
  readonly at: string;
  readonly app: string;
  readonly eventId: string;
}

/** A row of the simulated Webex' record of accepted deliveries. */
export interface Effect {
  /** Epoch milliseconds on the same clock. */
  readonly at: number;
  readonly userId: string;
  readonly start: string | null;
}

/** What the cloud's own records say about a change. */
interface Record {
  readonly committedAt: number;
  /** When the first delivery that shows it, or a later change of the same event, was accepted; null while none was. */
  readonly shownAt: number | null;
}

export interface Outcome {
  /** Milliseconds from Graph's commit to the acceptance of the delivery. */
  readonly latencies: readonly number[];
  /** Changes that no delivery shows yet. */
  readonly missing: number;
  /** Commits per second between the first and the last of them. */
  readonly perSecond: number;
}

/** What became of the newest changes of their events; each event's in the order in which they were made. */
export function outcomeOf(
  changes: readonly Change[],
  writes: readonly Write[],
  effects: readonly Effect[],
): Outcome {
  const records = recordsOf(changes, commits(writes), shown(effects));
  const times = records.map((record) => record.committedAt);
  const seconds = (Math.max(...times) - Math.min(...times)) / 1000;
  return {
    latencies: records.flatMap(({ shownAt, committedAt }) =>
      shownAt === null ? [] : [shownAt - committedAt],
    ),
    missing: records.filter((record) => record.shownAt === null).length,
    perSecond: (records.length - 1) / seconds,
  };
}

/** From the last change of each event to its first: a version that was overtaken is shown by the one that overtook it. */
function recordsOf(
  changes: readonly Change[],
  committed: ReadonlyMap<string, number[]>,
  shownAt: ReadonlyMap<string, number>,
): Record[] {
  return [...Map.groupBy(changes, (change) => change.eventId)].flatMap(([eventId, ofEvent]) => {
    const times = (committed.get(eventId) ?? []).slice(-ofEvent.length);
    let later: number | null = null;
    return ofEvent.toReversed().map(({ account, start }, back) => {
      later = shownAt.get(`${account.webexUserId} ${start}`) ?? later;
      return { committedAt: times.at(-1 - back) ?? Number.NaN, shownAt: later };
    });
  });
}

/** Times of people's writes by event, oldest first. */
function commits(writes: readonly Write[]): Map<string, number[]> {
  const people = writes.filter((write) => write.app === 'outlook');
  const byEvent = Map.groupBy(people, (write) => write.eventId);
  return new Map([...byEvent].map(([id, rows]) => [id, rows.map((row) => Date.parse(row.at))]));
}

/** When a start was first shown in a user's list. */
function shown(effects: readonly Effect[]): Map<string, number> {
  const first = new Map<string, number>();
  for (const { at, userId, start } of effects) {
    const name = `${userId} ${start}`;
    first.set(name, Math.min(at, first.get(name) ?? at));
  }
  return first;
}
