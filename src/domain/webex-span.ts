const MINUTE_MS = 60_000;
/** Bounds of Webex (reference: webex.md 4.4). */
const SHORTEST_MS = 10 * MINUTE_MS;
const LONGEST_MS = (24 * 60 - 1) * MINUTE_MS;

/** Epoch milliseconds. */
export interface Span {
  readonly startAt: number;
  readonly endAt: number;
}

/** Times as Webex takes them: whole minutes, not before now, and neither too short nor too long. */
export function webexSpan(from: number, to: number, now: number): Span {
  const startAt = wholeMinute(Math.max(from, now));
  const length = wholeMinute(to) - startAt;
  return { startAt, endAt: startAt + Math.min(LONGEST_MS, Math.max(SHORTEST_MS, length)) };
}

/** Webex cuts to minutes and refuses what then lies in the past: the minute that begins next. */
export function wholeMinute(instant: number): number {
  return Math.ceil(instant / MINUTE_MS) * MINUTE_MS;
}
