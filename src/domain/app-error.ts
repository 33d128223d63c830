/** What kind of failure this is. One table maps it to HTTP statuses (web/problem.ts), one to retries (domain/retry.ts). */
export type ErrorCode =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'throttled'
  | 'unavailable'
  | 'tampered'
  | 'internal';

/** The services this appliance depends on. */
export type Upstream = 'graph' | 'kms' | 'webex';

/** How far a failure reaches: one job, everything of one mailbox, or a whole upstream. */
export type ErrorScope = 'job' | 'mailbox' | 'upstream';

export interface AppErrorFacts {
  readonly code: ErrorCode;
  /** Stable word for traces, alarms and counters, e.g. `KMS_CERTIFICATE_CHAIN`. Holds no content and no address. */
  readonly reason: string;
  /** One sentence for the administrator: cause and remedy. Never quotes a text that came from an upstream. */
  readonly message: string;
  readonly scope?: ErrorScope;
  readonly upstream?: Upstream;
  /** Milliseconds that the upstream asked us to wait; it is never undercut. */
  readonly retryAfterMs?: number;
  /** Under which the upstream's support finds the call; an id, never a text. */
  readonly trackingId?: string;
  readonly cause?: unknown;
}

/** The one class of surprises. Expected outcomes are values, not exceptions. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly reason: string;
  readonly scope: ErrorScope;
  readonly upstream: Upstream | undefined;
  readonly retryAfterMs: number | undefined;
  readonly trackingId: string | undefined;

  constructor(facts: AppErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = facts.code;
    this.reason = facts.reason;
    this.scope = facts.scope ?? 'job';
    this.upstream = facts.upstream;
    this.retryAfterMs = facts.retryAfterMs;
    this.trackingId = facts.trackingId;
  }
}

/** Any thrown value as an AppError; what is not ours becomes `internal` and keeps its cause. */
export function asAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError({
    code: 'internal',
    reason: 'INTERNAL',
    message: 'An unexpected fault inside the appliance; the log names the place.',
    cause: thrown,
  });
}
