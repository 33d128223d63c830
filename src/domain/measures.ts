import type { AlarmId } from './alarm.ts';
import type { Upstream } from './app-error.ts';
import type { JobCount } from './job.ts';
import type { KeyOutage } from './key-port.ts';
import type { MailboxState, OverallState } from './status.ts';

export interface SubscriptionSummary {
  readonly live: number;
  readonly expired: number;
  /** Epoch milliseconds; null without a live subscription. */
  readonly earliestExpiryAt: number | null;
}

/** How the keys of mailboxes stand; directory keys are not among them. */
export interface KeySummary {
  readonly sealing: number;
  /** They only open any more. */
  readonly retired: number;
  /** When the oldest key that still seals was made; null without one. */
  readonly oldestSealingSince: number | null;
  /** When the next one of those that seal gets its successor; null without one. */
  readonly nextRenewalAt: number | null;
  /** How often the one among them that sealed most did. */
  readonly mostSeals: number;
}

export interface UpstreamMeasure {
  readonly upstream: Upstream;
  readonly paused: boolean;
  /** Milliseconds until the next probe; 0 when it is not paused. */
  readonly retryInMs: number;
}

/** What is measured at the moment somebody asks, besides what is counted as it happens (reference: engineering.md C.4). */
export interface Measures {
  readonly now: number;
  readonly health: OverallState;
  readonly jobs: readonly JobCount[];
  readonly alarms: readonly AlarmId[];
  readonly mailboxes: Readonly<Partial<Record<MailboxState, number>>>;
  readonly subscriptions: SubscriptionSummary;
  readonly keys: KeySummary;
  /** Null while the KMS answers. */
  readonly keyOutage: KeyOutage | null;
  readonly upstreams: readonly UpstreamMeasure[];
  readonly lastDeliveryAt: number | null;
  /** Sealed items that are kept, and those that retention took out in the last hour. */
  readonly sealedItems: { readonly kept: number; readonly deletedLastHour: number };
  /** Mails that Exchange sent about our writes to invitations: one to each attendee for each write. */
  readonly mailsCaused: number;
  /** Null where the file or the volume can't be asked. */
  readonly disk: {
    readonly databaseBytes: number | null;
    readonly walBytes: number | null;
    readonly freeBytes: number | null;
  };
  /** End of life (epoch milliseconds) of secrets by their configuration key, as far as it is known. */
  readonly secretsEndAt: ReadonlyMap<string, number>;
  /** The same of the listeners' certificates. */
  readonly certificatesEndAt: ReadonlyMap<string, number>;
}
