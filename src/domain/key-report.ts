import type { KeyOutage } from './key-port.ts';
import type { KeySummary } from './measures.ts';

/** How the keys stand: counts and times, no address and nothing of any key. */
export interface KeyReport {
  readonly now: number;
  readonly mailboxes: KeySummary;
  /** Null before the first mailbox was added. */
  readonly directory: DirectoryReport | null;
  /** Null when nobody has asked for all keys of mailboxes to be renewed. */
  readonly rotation: RotationReport | null;
  /** Null while the KMS answers. */
  readonly outage: KeyOutage | null;
}

export interface DirectoryReport {
  readonly since: number;
  /** Null when it is renewed only when somebody asks. */
  readonly nextRenewalAt: number | null;
  readonly addresses: number;
  /** Of these, sealed under an older key: while it is being rotated, or because they could not be opened. */
  readonly underOlderKey: number;
}

export interface RotationReport {
  readonly askedAt: number;
  /** Keys that are still to be made. */
  readonly left: number;
}

/** What is to be renewed: all keys of mailboxes, that of one mailbox, or the directory key. */
export type RotationOrder =
  | { readonly of: 'mailboxes' }
  | { readonly of: 'mailbox'; readonly address: string }
  | { readonly of: 'directory' };

/** `running`: it was asked for before and is under way. `unknown`: no mailbox has this address. */
export type RotationAnswer = 'asked' | 'running' | 'unknown';
