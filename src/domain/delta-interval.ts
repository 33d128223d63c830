/** How often a calendar is asked what changed (reference: graph.md 3.6). Milliseconds. */
export interface DeltaPace {
  /** While something happens: a change within ten minutes, or a meeting that starts within fifteen. */
  readonly fastMs: number;
  readonly slowMs: number;
}

const BUSY_MS = 10 * 60_000;
const SOON_MS = 15 * 60_000;

/** The wait before the next round, ±10 % by `unit` in [0, 1), so that the mailboxes spread evenly. */
export function deltaWaitMs(
  pace: DeltaPace,
  facts: { readonly now: number; readonly changedAt: number; readonly nextStartAt: number | null },
  unit: number,
): number {
  const busy = facts.now - facts.changedAt < BUSY_MS;
  const soon = facts.nextStartAt !== null && facts.nextStartAt - facts.now < SOON_MS;
  const waitMs = busy || soon ? Math.min(pace.fastMs, pace.slowMs) : pace.slowMs;
  return Math.round(waitMs * (0.9 + unit / 5));
}
