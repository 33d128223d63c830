import type { AppError, Upstream } from './app-error.ts';
import { AWAITED_PAUSE_MS } from './reminder.ts';

/** What becomes of a job that failed (reference: engineering.md B.3). */
export type AfterFailure =
  | { readonly kind: 'bury' }
  | { readonly kind: 'retry'; readonly delayMs: number }
  /** The whole upstream is the matter: the job waits without paying an attempt. */
  | { readonly kind: 'pause'; readonly upstream: Upstream }
  /** One mailbox is the matter: its jobs wait until it can be reached again, without paying an attempt. */
  | { readonly kind: 'rest' };

export const MAX_ATTEMPTS = 25;
/** Of what is awaited: hours of trying every few seconds. */
const MAX_AWAITED_ATTEMPTS = 10_000;
const SLOWED_MOST = 5;
const BASE_MS = 2_000;
const CAP_MS = 15 * 60_000;
const FINAL = new Set(['invalid', 'not_found', 'tampered', 'forbidden', 'unauthenticated']);

/**
 * `unit` is a random number in [0, 1); a wait that the upstream asked for is never undercut. What `isAwaited` is tried again within
 * seconds as long as it is of use, where the fault is not our own.
 */
export function afterFailure(
  error: AppError,
  attempt: number,
  unit: number,
  isAwaited = false,
): AfterFailure {
  if (error.scope === 'upstream' && error.upstream !== undefined)
    return { kind: 'pause', upstream: error.upstream };
  // To be asked to slow down once or twice is part of the work.
  const slowed = error.code === 'throttled' && attempt < SLOWED_MOST;
  if (error.scope === 'mailbox' && !slowed) return { kind: 'rest' };
  if (error.scope === 'job' && FINAL.has(error.code)) return { kind: 'bury' };
  const isSoon = isAwaited && error.upstream !== undefined;
  if (attempt >= (isSoon ? MAX_AWAITED_ATTEMPTS : MAX_ATTEMPTS)) return { kind: 'bury' };
  const backOffMs = Math.min(fullJitter(attempt, unit), isSoon ? AWAITED_PAUSE_MS : CAP_MS);
  return { kind: 'retry', delayMs: Math.max(error.retryAfterMs ?? 0, backOffMs) };
}

function fullJitter(attempt: number, unit: number): number {
  return Math.floor(unit * Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1)));
}

const PAUSE_BASE_MS = 500;
const PAUSE_CAP_MS = 60_000;

/** How long an upstream rests after its n-th failed probe in a row (n from 1), at most `mostMs`, with ±25 % jitter. */
export function pauseMs(
  failures: number,
  unit: number,
  retryAfterMs: number | undefined,
  mostMs = PAUSE_CAP_MS,
): number {
  const cap = Math.min(PAUSE_CAP_MS, mostMs);
  const backOff = Math.min(cap, PAUSE_BASE_MS * 2 ** (failures - 1)) * (0.75 + unit / 2);
  return Math.max(retryAfterMs ?? 0, Math.floor(backOff));
}
