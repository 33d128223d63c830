/** The small interfaces through which `sync` and `web` reach the outside; adapters implement them. */
import type { CalendarEvent, EventStub } from './calendar-event.ts';
import type { ListWindow } from './meeting.ts';

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds of a clock that never jumps; for deadlines. */
  monotonicMs(): number;
  /** Resolves after the time has passed on this clock, or at once when the signal aborts (never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  bytes(length: number): Uint8Array;
  /** In [0, 1). */
  unit(): number;
  uuid(): string;
}

/** What Graph tells about a mailbox itself. */
export interface MailboxProfile {
  /** Object GUID, lower case. */
  readonly guid: string;
  /** E.g. `sv-SE`; null when the mailbox was never opened. */
  readonly locale: string | null;
}

export type EventReading =
  | { readonly kind: 'found'; readonly event: CalendarEvent }
  | { readonly kind: 'gone' };

/** A write to the organiser's copy: only the members that are present change. */
export interface EventWrite {
  readonly body?: { readonly contentType: 'html' | 'text'; readonly content: string };
  /** Raw Graph locations. */
  readonly locations?: readonly Readonly<Record<string, unknown>>[];
  /** Value of our extended property. */
  readonly mark: string;
}

export type WriteOutcome =
  | { readonly kind: 'written'; readonly event: CalendarEvent }
  /** Somebody changed the event since it was read (412 or 409): read and decide again. */
  | { readonly kind: 'raced' }
  | { readonly kind: 'gone' };

export interface GrantedSubscription {
  readonly id: string;
  readonly expiresAt: number;
}

export interface RemoteSubscription extends GrantedSubscription {
  readonly notificationUrl: string;
  readonly resource: string;
}

/** Microsoft Graph as the sync needs it. `guid` is always a mailbox's object GUID. Throws AppError (upstream `graph`). */
export interface CalendarSource {
  /** The only call that takes an address: it is how the GUID is learnt. Null when there is no such cloud mailbox. */
  profile(address: string): Promise<MailboxProfile | null>;
  readEvent(guid: string, eventId: string): Promise<EventReading>;
  /** Every event whose time overlaps the window. */
  listWindow(guid: string, window: ListWindow): Promise<EventStub[]>;
  writeEvent(guid: string, event: CalendarEvent, write: EventWrite): Promise<WriteOutcome>;
  subscribe(guid: string, urls: SubscriptionUrls, clientState: string): Promise<GrantedSubscription>;
  /** Null when Graph no longer knows it. */
  renew(subscriptionId: string): Promise<GrantedSubscription | null>;
  unsubscribe(subscriptionId: string): Promise<void>;
  subscriptions(): Promise<RemoteSubscription[]>;
}

export interface SubscriptionUrls {
  readonly notification: string;
  readonly lifecycle: string;
}

export interface IssuedKey {
  readonly uri: string;
  readonly resourceUri: string;
  /** Epoch milliseconds after which the key must not seal any more; null when the KMS set none. */
  readonly sealUntil: number | null;
}

/**
 * Keys as the sync needs them. Plaintext keys stay inside: they are lent to one synchronous call and zeroed on eviction and at
 * exit. Throws AppError (upstream `kms`).
 */
export interface KeyService {
  /** Makes one key per list of readers (UUIDs at Webex), each bound to a resource of its own, in as few messages as possible. */
  issue(readersOfEach: readonly (readonly string[])[]): Promise<IssuedKey[]>;
  /** Lends the 32 bytes of a key; fetches it when it is not in memory. The bytes must not be kept. */
  withKey<T>(uri: string, use: (key: Uint8Array) => T): Promise<T>;
}

export interface PersonalRoom {
  /** `https://<site>.webex.com/meet/<name>` */
  readonly url: string;
  /** `<name>@<site>.webex.com` */
  readonly sip: string;
  /** Video system instructions need it; null when the site prints none. */
  readonly meetingNumber: string | null;
}

/** The public Webex REST API. Throws AppError (upstream `webex`). */
export interface WebexDirectory {
  /** The UUID behind an address, or null when Webex knows nobody there. Rooms are found among the workspaces. */
  identify(address: string, kind: 'person' | 'room'): Promise<string | null>;
  /** Null when the person has no personal room. */
  personalRoom(address: string): Promise<PersonalRoom | null>;
}

/** The meeting item on the wire; every sensitive member is a compact JWE (reference: webex.md 1.3). */
export type MeetingItem = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly seriesId: string;
  readonly encryptionKeyUrl: string;
};

/** `fenced`: the sink already holds this version or a newer one; nothing changed there. */
export type DeliveryOutcome = 'created' | 'updated' | 'withdrawn' | 'fenced';

/** The ingest profile. Throws AppError (upstream `webex`). */
export interface MeetingSink {
  put(webexId: string, item: MeetingItem, version: number): Promise<DeliveryOutcome>;
  withdraw(webexId: string, meetingId: string, version: number): Promise<DeliveryOutcome>;
}

/** The event WebSocket of the appliance's registered device, on which KMS answers arrive (reference: webex.md 1.9, 2.2). */
export interface EventStream {
  /** URL of the registered device; null while none is registered (then answers are asked for in the HTTP answer). */
  readonly deviceUrl: string | null;
  onKmsMessages(listener: (messages: readonly string[]) => void): void;
}
