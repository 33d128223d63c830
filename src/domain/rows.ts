/** The rows that the store keeps. Ids, times, flags and sealed bytes: nothing readable (design D4). */
import type { AutomaticReplies } from './out-of-office.ts';
import type { MailboxState } from './status.ts';

export interface MailboxRow {
  readonly id: number;
  readonly kind: 'person' | 'room';
  /** The mailbox's object GUID at Microsoft, lower case; null until learnt from Graph's first answer. */
  readonly guid: string | null;
  /** The person's or workspace's UUID at Webex; null until looked up. */
  readonly webexId: string | null;
  /** The address sealed under the directory key. */
  readonly addressSealed: Uint8Array;
  /** Keyed hash of the normalised address, for look-up. */
  readonly addressHash: Uint8Array;
  /** URI of the directory key that sealed and hashed it. */
  readonly addressKey: string;
  readonly state: MailboxState;
  readonly reason: string | null;
  readonly since: number;
  /** Tries in a row that failed; they count until it has worked for a while. */
  readonly failures: number;
  /** When it is tried again; null while it works. */
  readonly retryAt: number | null;
  /** Language of the mailbox, e.g. `sv-SE`; null when nobody chose one. */
  readonly locale: string | null;
  /** How long before the start reminders come here, in milliseconds; null for the same as everywhere. */
  readonly reminderLeadMs: number | null;
}

/** An address under a directory key. */
export type SealedAddress = Pick<MailboxRow, 'addressSealed' | 'addressHash' | 'addressKey'>;

/** Where the next delta round of a mailbox begins, and what the last ones told (design D1). */
export interface CursorRow {
  readonly mailboxId: number;
  /** Opaque, kept whole. */
  readonly link: string;
  /** When the round with a fresh window began. */
  readonly freshAt: number;
  /** When the last round began. */
  readonly roundAt: number;
  /** When a round last found a change. */
  readonly changedAt: number;
}

/** Out-of-office presence of one person: what was read, and the version that Webex acknowledged. */
export interface PresenceRow {
  readonly mailboxId: number;
  readonly replies: AutomaticReplies;
  readonly readAt: number;
  readonly away: boolean;
  readonly until: number | null;
  /** Grows by one when `away` or `until` changes; 0 before anything was to be told. */
  readonly version: number;
  readonly deliveredVersion: number;
}

export interface MeetingRow {
  readonly mailboxId: number;
  readonly eventId: string;
  /** Event id of the series' master; null for single events. */
  readonly seriesId: string | null;
  /** The meeting's id at Webex: a random UUID. */
  readonly meetingId: string;
  /** Grows by one with every change; the sink fences on it. */
  readonly version: number;
  readonly state: 'listed' | 'withdrawn';
  /** changeKey of the event this version was made from. */
  readonly changeKey: string | null;
  /** Keyed hash of the canonical meeting, to see "nothing changed" without opening the envelope. */
  readonly contentHash: Uint8Array | null;
  /** Both null once withdrawn. */
  readonly keyUri: string | null;
  readonly envelope: Uint8Array | null;
  readonly startAt: number;
  readonly endAt: number;
  readonly changedAt: number;
  /** 0 before the first acknowledged delivery. */
  readonly deliveredVersion: number;
}

/** An event or series that lies beyond the meetings list, and when it is to be looked at because the list reaches it. */
export interface UpcomingRow {
  readonly mailboxId: number;
  readonly eventId: string;
  readonly at: number;
}

/** The reminder of one meeting: what is planned, and what Webex was told. */
export interface ReminderRow {
  readonly mailboxId: number;
  readonly eventId: string;
  /** False once the meeting is cancelled, declined or of a kind that nobody is reminded of. */
  readonly wanted: boolean;
  readonly startAt: number;
  readonly endAt: number;
  /** When it is to come; null once it is told, or when it is not wanted. */
  readonly dueAt: number | null;
  /** What `version` says: nothing yet, the reminder, or that it is taken back. */
  readonly told: 'nothing' | 'reminder' | 'withdrawal';
  /** Start of the meeting that was told, and a keyed hash of what was; null before. */
  readonly toldStartAt: number | null;
  readonly toldHash: Uint8Array | null;
  /** Grows by one with everything that is told; the sink fences on it. */
  readonly version: number;
  /** 0 before the first acknowledgement. */
  readonly sentVersion: number;
}

export interface SubscriptionRow {
  readonly id: string;
  readonly mailboxId: number;
  /** SHA-256 of the random clientState given to Graph. */
  readonly clientStateHash: Uint8Array;
  readonly notificationUrl: string;
  readonly expiresAt: number;
  readonly createdAt: number;
}

export interface KeyRow {
  readonly uri: string;
  readonly role: 'mailbox' | 'directory';
  /** Null for the directory key. */
  readonly mailboxId: number | null;
  readonly resourceUri: string;
  readonly createdAt: number;
  /** Sealing with this key stops here; opening stays allowed. */
  readonly sealUntil: number;
  /** How often it sealed. */
  readonly seals: number;
  /** When the next key is made; null once there is one, or this one was ended. What has none seals nothing new. */
  readonly renewAt: number | null;
}

/** One received change notification: a hint with ids only. */
export interface InboxRow {
  readonly subscriptionId: string;
  readonly mailboxId: number;
  readonly eventId: string;
  readonly changeType: string;
  /** Etag of the notification; empty when it had none. Part of what makes a hint a duplicate. */
  readonly etag: string;
}

export interface DeliveryRow {
  readonly at: number;
  readonly mailboxId: number;
  readonly meetingId: string;
  readonly version: number;
  readonly kind: 'create' | 'update' | 'withdraw';
  readonly latencyMs: number;
}

export interface SessionRow {
  readonly tokenHash: Uint8Array;
  readonly admin: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
}

/** A pair that signs heads of the audit log. */
export interface SigningKeyRow {
  /** Ed25519. */
  readonly publicKey: Uint8Array;
  /** What the pair grows from, sealed under a directory key. */
  readonly seedSealed: Uint8Array;
  readonly keyUri: string;
  readonly madeAt: number;
}

/** The one standing set-up link. */
export interface SetupLinkRow {
  readonly tokenHash: Uint8Array;
  readonly expiresAt: number;
  /** Made on purpose although an administrator exists. */
  readonly reset: boolean;
}
