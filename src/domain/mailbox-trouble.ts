import type { AppError } from './app-error.ts';
import type { MailboxRow } from './rows.ts';
import type { Actor, MailboxState } from './status.ts';

type Troubled = Extract<MailboxState, 'error' | 'paused' | 'out-of-scope'>;

interface Trouble {
  readonly state: Troubled;
  readonly actor: Actor;
}

/** Reasons that concern one mailbox; whatever stands not here is an error that nobody foresaw. */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  GRAPH_MAILBOX_DENIED: { state: 'out-of-scope', actor: 'Microsoft 365 administrator' },
  GRAPH_ACCESS_DENIED: { state: 'out-of-scope', actor: 'Microsoft 365 administrator' },
  GRAPH_NO_SUCH_MAILBOX: { state: 'error', actor: 'Microsoft 365 administrator' },
  GRAPH_MAILBOX_TWICE: { state: 'error', actor: 'Microsoft 365 administrator' },
  GRAPH_MAILBOX_MOVING: { state: 'paused', actor: 'nobody' },
  GRAPH_MAILBOX_UNAVAILABLE: { state: 'paused', actor: 'nobody' },
  GRAPH_THROTTLED: { state: 'paused', actor: 'nobody' },
  GRAPH_MAILBOX_FULL: { state: 'error', actor: 'mailbox owner' },
  GRAPH_SUBSCRIPTION_QUOTA: { state: 'error', actor: 'Microsoft 365 administrator' },
  GRAPH_SUBSCRIPTION_TWIN: { state: 'error', actor: 'Microsoft 365 administrator' },
  GRAPH_CANNOT_REACH_US: { state: 'error', actor: 'Microsoft 365 administrator' },
  GRAPH_CANNOT_TRUST_US: { state: 'error', actor: 'Microsoft 365 administrator' },
  WEBEX_NO_SUCH_USER: { state: 'error', actor: 'Webex administrator' },
  KMS_KEY_REVOKED: { state: 'error', actor: 'KMS administrator' },
  KMS_KEY_REFUSED: { state: 'error', actor: 'KMS administrator' },
  KMS_KEY_GONE: { state: 'error', actor: 'KMS administrator' },
  KMS_KEY_EXPIRED: { state: 'error', actor: 'KMS administrator' },
  KMS_REQUEST_REFUSED: { state: 'error', actor: 'KMS administrator' },
  DIRECTORY_KEY_LOST: { state: 'error', actor: 'KMS administrator' },
};

/** What a failure that reaches one mailbox makes of its state. */
export function troubleOf(error: Pick<AppError, 'reason'>): Trouble {
  return TROUBLES[error.reason] ?? { state: 'error', actor: 'Microsoft 365 administrator' };
}

const MINUTE_MS = 60_000;
const WAITS_MS = [1 * MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS];
const LAST_WAIT_MS = 15 * MINUTE_MS;

/** Failed tries that count before this one: a mailbox that has worked for a while begins anew. */
export function failuresBefore(
  mailbox: Pick<MailboxRow, 'state' | 'since' | 'failures'> | null,
  now: number,
): number {
  if (mailbox === null) return 0;
  return mailbox.state === 'activated' && now - mailbox.since > LAST_WAIT_MS ? 0 : mailbox.failures;
}

/** After 1, 2, 5 and then every 15 minutes, so that a move is noticed within 15; never sooner than the service asked for. */
export function troubleWaitMs(failures: number, retryAfterMs: number | undefined): number {
  return Math.max(WAITS_MS[failures - 1] ?? LAST_WAIT_MS, retryAfterMs ?? 0);
}
