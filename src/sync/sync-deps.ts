import type { AlarmId } from '../domain/alarm.ts';
import type { AppError, Upstream } from '../domain/app-error.ts';
import type { SignedAuditHead } from '../domain/audit.ts';
import type { SchedulingSettings } from '../domain/decoration.ts';
import type { DeltaPace } from '../domain/delta-interval.ts';
import type { DeadJob, JobKind } from '../domain/job.ts';
import type { JoinBlockSettings } from '../domain/join-block/join-details.ts';
import type { JoinRules } from '../domain/join-target/join-source.ts';
import type { KeyUpkeep } from '../domain/key-port.ts';
import type {
  CalendarSource,
  Clock,
  DeliveryOutcome,
  KeyService,
  MeetingSink,
  Random,
  WebexDirectory,
} from '../domain/ports.ts';
import type { DeliveryRow } from '../domain/rows.ts';
import type { WebexMeetings, WebexSpaces } from '../domain/scheduling-ports.ts';
import type { MailboxState } from '../domain/status.ts';
import type { Store } from '../domain/store-port.ts';
import type { Turns } from './turns.ts';
import type { Upstreams } from './upstreams.ts';

/** Business events worth a log line and a counter; ids only. */
export interface SyncEvents {
  /** `mails`: how many Exchange sends about it. */
  eventDecorated(facts: { mailboxId: number; eventId: string; mails: number }): void;
  meetingSealed(ids: { mailboxId: number; meetingId: string; version: number }): void;
  delivered(row: DeliveryRow, sinceHintMs: number): void;
  jobEnded(end: { kind: string; outcome: string; at: number; durationMs: number }): void;
  /** Once after each start: the work goes on. */
  firstJobLeased(kind: JobKind): void;
  jobRetried(job: { kind: string; reason: string; attempt: number; trackingId?: string }): void;
  jobDead(job: Pick<DeadJob, 'kind' | 'reason'> & { attempt: number; trackingId?: string }): void;
  upstreamPaused(facts: { upstream: Upstream; reason: string; trackingId?: string }): void;
  upstreamBack(facts: { upstream: Upstream; reason: string }): void;
  alarmRaised(alarm: { id: AlarmId; subject: string; reason: string }): void;
  alarmCleared(alarm: { id: AlarmId; subject: string; reason: string }): void;
  mailboxStateChanged(facts: { mailboxId: number; state: MailboxState; reason: string | null }): void;
  /** A subscription told nothing of changes that were found by asking. */
  subscriptionSilent(facts: { mailboxId: number; unheard: number }): void;
  presenceChanged(facts: { mailboxId: number; away: boolean }): void;
  /** Webex acknowledged a reminder, or that it is taken back; how late, against its time, where it came by the clock. */
  reminderTold(facts: { mailboxId: number; kind: DeliveryOutcome; lateMs: number | null }): void;
  keysIssued(count: number): void;
  keysGivenUp(count: number): void;
  auditHeadSigned(head: SignedAuditHead): void;
  /** The KMS lets a key seal no more, before its time; null for the directory key. */
  keyEnded(facts: { mailboxId: number | null; reason: string }): void;
  /** Addresses were put under the directory key of today. */
  addressesResealed(count: number): void;
  fault(reason: string, error: AppError | Error): void;
}

export interface SyncSettings {
  /** Lower-case GUID. */
  readonly tenantId: string;
  /** The appliance's own user at the KMS: always among a key's readers. */
  readonly applianceUserId: string;
  readonly webhooks: { readonly notification: string; readonly lifecycle: string } | null;
  readonly settleMs: number;
  readonly settleMaxMs: number;
  /** How often calendars are asked what changed where no notifications come. */
  readonly deltaPace: DeltaPace;
  /** How often they are asked all the same where notifications come. */
  readonly safetyNetMs: number;
  /** How often automatic replies are read. */
  readonly presencePollMs: number;
  readonly windowBackMs: number;
  readonly windowAheadMs: number;
  readonly keyRotationMs: number;
  /** How long before the start reminders come, where a mailbox has no lead of its own. */
  readonly reminderLeadMs: number;
  /** How join targets are recognised, and in which order. */
  readonly joinRules: JoinRules;
  /** What becomes of keywords. */
  readonly scheduling: SchedulingSettings;
  readonly fieldEncryption: 'A256GCM' | 'XC20P';
  /** What join blocks look like. */
  readonly joinBlock: JoinBlockSettings;
  /** When the certificate for Microsoft 365 ends; null when there is none. */
  readonly credentialEndsAt: number | null;
}

/** What the jobs work with; handed in by the composition root. */
export interface SyncDeps {
  readonly settings: SyncSettings;
  readonly store: Store;
  readonly graph: CalendarSource;
  readonly kms: KeyService & KeyUpkeep;
  readonly webex: WebexDirectory;
  readonly meetings: WebexMeetings;
  readonly spaces: WebexSpaces;
  readonly sink: MeetingSink;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: SyncEvents;
  readonly upstreams: Upstreams;
  /** An occurrence is seen to by its own jobs and by those of its series: one after the other. */
  readonly turns: Turns;
  /** When the appliance is shut out of Webex unless somebody acts; null when that is not known. */
  readonly webexTokenEndsAt: () => number | null;
  /** Tells the worker that something was enqueued. */
  readonly wake: () => void;
}
