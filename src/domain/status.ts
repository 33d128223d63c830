import type { Alarm } from './alarm.ts';
import type { KeyOutage } from './key-port.ts';

/** Webex's own words for the health of a connector (reference: webex.md 4.6). */
export type OverallState = 'operational' | 'impaired' | 'outage' | 'maintenanceMode';

export type StageName = 'graph' | 'inbox' | 'keys' | 'outbox' | 'webex';
export type StageState = 'ok' | 'waiting' | 'failing' | 'idle';

/** One box of the pipeline strip Graph → Inbox → Keys → Outbox → Webex. */
export interface StageFacts {
  readonly name: StageName;
  readonly state: StageState;
  /** Epoch milliseconds; null when it has not happened yet. */
  readonly lastSuccessAt: number | null;
  /** Things waiting at this stage now. */
  readonly backlog: number;
  /** A reason word when the state is `failing` (e.g. `GRAPH_UNREACHABLE`). */
  readonly reason: string | null;
  /** When it is tried again, while it is `failing`; else null. */
  readonly retryAt: number | null;
}

/**
 * `not-activated`: added, nothing asked yet. `pending`: activation is under way. `paused`: the service lets nobody in for a
 * while; it ends by itself. `out-of-scope`: an access policy keeps the application out. `error`: somebody has to act.
 */
export type MailboxState = 'not-activated' | 'pending' | 'activated' | 'error' | 'paused' | 'out-of-scope';

/** Who has to do something about a mailbox's trouble. */
export type Actor =
  | 'nobody'
  | 'mailbox owner'
  | 'Microsoft 365 administrator'
  | 'Webex administrator'
  | 'KMS administrator';

export interface MailboxFacts {
  readonly id: number;
  readonly kind: 'person' | 'room';
  /** Opened in memory for this one answer; null while the directory key is out of reach. */
  readonly address: string | null;
  readonly state: MailboxState;
  readonly since: number;
  readonly reason: string | null;
  /** Who has to do something about it; null while nothing is wrong. */
  readonly actor: Actor | null;
  /** When it is tried again; null while it works. */
  readonly retryAt: number | null;
  /** Meetings held in the list of this mailbox. */
  readonly meetings: number;
  readonly subscriptionExpiresAt: number | null;
}

export interface DeliveryFacts {
  readonly at: number;
  readonly mailboxId: number;
  readonly address: string | null;
  /** The meeting's id at Webex (a UUID; tells nothing of the content). */
  readonly meetingId: string;
  readonly version: number;
  readonly kind: 'create' | 'update' | 'withdraw';
  /** Milliseconds from the stored version to Webex's acknowledgement. */
  readonly latencyMs: number;
}

/** How things stand, without any mailbox's address: cheap however many mailboxes there are, and nothing is opened for it. */
/** What is left of reading mailboxes anew. */
export interface ResyncProgress {
  readonly mailboxes: number;
  /** Of those mailboxes: can't be reached now. */
  readonly resting: number;
  /** In the mailboxes that were begun with. */
  readonly meetings: number;
}

export interface HealthFacts {
  readonly now: number;
  readonly version: string;
  readonly startedAt: number;
  /** True for a lab or staging installation: the page says LAB in large letters. */
  readonly lab: boolean;
  readonly tenantId: string;
  readonly syncMode: 'webhook' | 'delta';
  readonly overall: OverallState;
  /** One sentence: why the overall state is what it is. */
  readonly overallReason: string;
  readonly stages: readonly StageFacts[];
  readonly alarms: readonly Alarm[];
  /** The KMS is away, and until when keys in memory serve; null while it answers. */
  readonly keyOutage: KeyOutage | null;
  readonly mailboxStates: Readonly<Partial<Record<MailboxState, number>>>;
  readonly counts: {
    readonly meetings: number;
    readonly deliveredToday: number;
    readonly deadJobs: number;
    /** Sealed items that retention took out in the last hour. */
    readonly deletedLastHour: number;
  };
}

/** Everything the status page shows: one reading, no content of any meeting. */
export interface StatusFacts extends HealthFacts {
  readonly mailboxes: readonly MailboxFacts[];
  readonly deliveries: readonly DeliveryFacts[];
}
