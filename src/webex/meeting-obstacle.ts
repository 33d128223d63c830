import type { MeetingObstacle } from '../domain/scheduling-ports.ts';
import { retryAfterMs, type WebexAnswer, webexError } from './rest.ts';

/** Who is told to wait so long has made all the meetings of a day; shorter waits are the ordinary asking to slow down. */
const DAILY_MS = 10 * 60_000;

/** Statuses about a meeting that `meetingObstacle` understands. */
export const MEETING_STATUSES = [400, 403, 404, 429] as const;

/**
 * Why Webex made or changed no meeting; null when it did. What concerns one host or one meeting must not hold up all other
 * traffic, and asking again within the day would only count as one more call. Throws AppError when Webex asks to slow down.
 */
export function meetingObstacle(answer: WebexAnswer, now: number): MeetingObstacle | null {
  const { status, headers } = answer;
  if (status === 400) return { kind: 'meeting-refused' };
  if (status === 403 || status === 404) return { kind: 'host-refused' };
  if (status !== 429) return null;
  const waitMs = retryAfterMs(headers, now);
  if (waitMs < DAILY_MS) throw webexError(answer, now);
  return { kind: 'limit-reached', until: now + waitMs };
}
