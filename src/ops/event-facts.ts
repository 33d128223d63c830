import type { AlarmId } from '../domain/alarm.ts';
import type { Upstream } from '../domain/app-error.ts';
import type { MailboxState } from '../domain/status.ts';

export interface JobFailure {
  readonly kind: string;
  readonly reason: string;
  readonly attempt: number;
  /** Under which the upstream's support finds the call that failed. */
  readonly trackingId?: string;
}

/** `outcome` is `done`, `retried`, `paused` or `dead`. */
export interface JobEnd {
  readonly kind: string;
  readonly outcome: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly durationMs: number;
}

/** `status` is null when no answer came. */
export interface UpstreamAnswer {
  readonly upstream: Upstream;
  readonly status: number | null;
  readonly durationMs: number;
}

export interface UpstreamChange {
  readonly upstream: Upstream;
  readonly reason: string;
  /** Under which its support finds the call that failed. */
  readonly trackingId?: string;
}

/** `subject` is the row number of a mailbox or empty, never an address. */
export interface AlarmChange {
  readonly id: AlarmId;
  readonly subject: string;
  readonly reason: string;
}

export interface MailboxChange {
  readonly mailboxId: number;
  readonly state: MailboxState;
  readonly reason: string | null;
}

export interface StartFacts {
  readonly version: string;
  readonly lab: boolean;
  readonly syncMode: string;
  readonly publicUrl: string | null;
  readonly adminUrl: string;
}
