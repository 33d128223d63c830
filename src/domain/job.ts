import type { Upstream } from './app-error.ts';

/** Everything the worker can do. A job carries ids only, never content (design D4). */
export type JobKind =
  | 'enable-mailbox'
  | 'remove-mailbox'
  | 'delta-round'
  | 'sync-event'
  | 'end-arrangement'
  | 'end-leftover'
  | 'carry-occurrences'
  | 'deliver'
  | 'due-reminders'
  | 'remind'
  | 'resync'
  | 'list-upcoming'
  | 'check-targets'
  | 'check-target'
  | 'renew-subscription'
  | 'tidy-subscriptions'
  | 'poll-settings'
  | 'presence'
  | 'rotate-keys'
  | 'watch-kms'
  | 'prune';

/** States of a job row (reference: engineering.md B.3). */
export type JobState = 'waiting' | 'leased' | 'done' | 'dead';

export interface NewJob {
  readonly kind: JobKind;
  /** Two waiting jobs of one kind never share a key: the second is absorbed by the first. */
  readonly key: string;
  readonly mailboxId: number | null;
  readonly eventId: string | null;
  /** Epoch milliseconds. */
  readonly runAt: number;
  /**
   * How an absorbed twin moves the waiting job's due time. `earliest` keeps the earlier of both; `settle` moves it to the
   * newer time, but never past `runAtMax` (design D2: wait until the user's edits settle).
   */
  readonly merge: 'earliest' | 'settle';
  /** Somebody waits for it: it goes before the rest. So does anything about a listed meeting that starts within 15 minutes. */
  readonly urgent?: boolean;
  /** With `settle`: how long after the first hint the job runs at the latest, in milliseconds. */
  readonly settleMaxMs?: number;
}

export interface LeasedJob {
  readonly id: number;
  readonly leaseId: string;
  readonly kind: JobKind;
  readonly key: string;
  readonly mailboxId: number | null;
  readonly eventId: string | null;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly createdAt: number;
}

export interface DeadJob {
  readonly id: number;
  readonly kind: JobKind;
  readonly mailboxId: number | null;
  readonly eventId: string | null;
  readonly reason: string;
  readonly settledAt: number;
}

export interface JobCount {
  readonly kind: JobKind;
  readonly waiting: number;
  readonly leased: number;
  readonly dead: number;
  readonly oldestRunAt: number | null;
}

/** The upstreams without which a kind of job can't be done; it waits while one of them is paused. */
export const NEEDS: Readonly<Record<JobKind, readonly Upstream[]>> = {
  'enable-mailbox': ['graph', 'kms', 'webex'],
  'remove-mailbox': ['graph', 'kms', 'webex'],
  'delta-round': ['graph'],
  'sync-event': ['graph', 'kms'],
  'end-arrangement': ['kms', 'webex'],
  'end-leftover': ['kms', 'webex'],
  'carry-occurrences': ['graph', 'kms', 'webex'],
  deliver: ['kms', 'webex'],
  'due-reminders': [],
  remind: ['kms', 'webex'],
  resync: [],
  'list-upcoming': [],
  'check-targets': [],
  'check-target': ['kms', 'webex'],
  'renew-subscription': ['graph'],
  'tidy-subscriptions': ['graph'],
  'poll-settings': ['graph'],
  presence: ['webex'],
  'rotate-keys': ['kms'],
  'watch-kms': [],
  prune: [],
};

/** How often reminders that are due are looked for at least, in milliseconds. */
export const DUE_REMINDERS_MS = 10 * 60_000;
/** How often it is looked for events that the list has reached, at least, in milliseconds. */
export const LIST_UPCOMING_MS = 10 * 60_000;

const WEEK_MS = 7 * 24 * 60 * 60_000;

/**
 * No honest schedule lies further ahead, in milliseconds: a clock that jumped back must not freeze the queue (engineering.md B.3,
 * 10), least of all reminders.
 */
export function honestMs(kind: JobKind): number {
  if (kind === 'due-reminders') return DUE_REMINDERS_MS;
  return kind === 'list-upcoming' ? LIST_UPCOMING_MS : WEEK_MS;
}

/** What waits until people have stopped editing; all else is done at the earliest time that it was asked for. */
export function settles(kind: JobKind): boolean {
  return kind === 'sync-event';
}

/** What is done also while Microsoft shuts us out of the mailbox: everything it needs is here. */
export function isDoneInTrouble(kind: JobKind): boolean {
  return kind === 'remind' || kind === 'presence';
}

/**
 * Jobs go in lanes: a slow calendar service must not hold up deliveries, nor the other way round, and nothing holds up reminders,
 * of which thousands come due in one second when the hour strikes.
 */
export type Lane = 'graph' | 'reminders' | 'others';

export function laneOf(kind: JobKind): Lane {
  if (kind === 'remind') return 'reminders';
  return NEEDS[kind].includes('graph') ? 'graph' : 'others';
}

/** Every kind there is. */
export const JOB_KINDS: readonly JobKind[] = Object.keys(NEEDS) as JobKind[];
