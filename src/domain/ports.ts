/** The small interfaces through which `sync` and `web` reach the outside; adapters implement them. */
import type { AppError } from './app-error.ts';
import type { CalendarEvent, EventStub, Person } from './calendar-event.ts';
import type { ListWindow } from './meeting.ts';
import type { AutomaticReplies } from './out-of-office.ts';
import type { Telephony } from './scheduling-ports.ts';
import type { SeriesDeviations } from './series-deviations.ts';
import type { TokenPair } from './token-life.ts';

export type { IssuedKey, KeyService } from './key-port.ts';

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

/** The occurrences and exceptions of a series in a window. */
export type SeriesReading =
  | {
      readonly kind: 'found';
      readonly events: readonly CalendarEvent[];
      /** Ids of those that could not be read. */
      readonly unreadable: readonly string[];
    }
  | { readonly kind: 'gone' };

/** Where a delta round begins: at the link of the last one, or anew with a window. */
export type DeltaStart = { readonly link: string } | { readonly window: ListWindow };

export type DeltaRound =
  | {
      readonly kind: 'round';
      readonly changed: readonly EventStub[];
      /** Ids of events that were deleted or left the window. */
      readonly removed: readonly string[];
      /** Where the next round begins; opaque, kept whole. */
      readonly link: string;
    }
  /** The link is dead: begin anew. */
  | { readonly kind: 'expired' };

export interface MailboxSettings {
  /** E.g. `sv-SE`; null when the mailbox was never opened. */
  readonly locale: string | null;
  readonly automaticReplies: AutomaticReplies;
}

export type SettingsReading =
  | { readonly kind: 'read'; readonly settings: MailboxSettings }
  | { readonly kind: 'refused'; readonly error: AppError };

export interface NewEvent {
  readonly subject: string;
  readonly body: { readonly contentType: 'html' | 'text'; readonly content: string };
  readonly startAt: number;
  readonly endAt: number;
  readonly location: string;
  readonly attendees: readonly Person[];
  /** Made from our own job: a repeated call can't make a second event (reference: graph.md 5.5). */
  readonly transactionId: string;
}

export type EventAnswer = 'accept' | 'tentativelyAccept' | 'decline';

/** One person's free and busy times; `error` is Graph's code when they could not be read, e.g. `ErrorMailRecipientNotFound`. */
export interface Schedule {
  readonly address: string;
  readonly busy: readonly { readonly startAt: number; readonly endAt: number; readonly status: string }[];
  readonly error: string | null;
}

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
  /** What changed in the default calendar since the last round, or all that overlaps the window in a first one. */
  deltaRound(guid: string, from: DeltaStart): Promise<DeltaRound>;
  /** Single events and masters that were made or changed after the instant, wherever in time they lie. Never shows deletions. */
  changedSince(guid: string, instant: number): Promise<EventStub[]>;
  readSeries(guid: string, masterId: string, window: ListWindow): Promise<SeriesReading>;
  /** Every exception of a series, wherever in time it lies, without our extended property. Empty when the series is gone. */
  readExceptions(guid: string, masterId: string): Promise<CalendarEvent[]>;
  /** How a series differs from its recurrence; nothing when the series is gone. */
  readDeviations(guid: string, masterId: string): Promise<SeriesDeviations>;
  writeEvent(guid: string, event: CalendarEvent, write: EventWrite): Promise<WriteOutcome>;
  /** The id of the event, also when a lost answer of an earlier call had made it. */
  createEvent(guid: string, event: NewEvent): Promise<string>;
  /** One that is gone already is as good as deleted. By the organiser it cancels the meeting. */
  deleteEvent(guid: string, eventId: string): Promise<void>;
  /** Answers an invitation in the attendee's own mailbox. A lost answer is looked for before it is repeated. */
  respond(guid: string, eventId: string, answer: EventAnswer, comment: string | null): Promise<void>;
  schedules(guid: string, addresses: readonly string[], window: ListWindow): Promise<Schedule[]>;
  /** Language and automatic replies of many mailboxes in few calls, by GUID. The texts of the replies are dropped unread. */
  settings(guids: readonly string[]): Promise<Map<string, SettingsReading>>;
  subscribe(guid: string, urls: SubscriptionUrls, clientState: string): Promise<GrantedSubscription>;
  /** Null when Graph no longer knows it. */
  renew(subscriptionId: string): Promise<GrantedSubscription | null>;
  /** Extends what the subscription may see without a new handshake; false when Graph no longer knows it. */
  reauthorize(subscriptionId: string): Promise<boolean>;
  unsubscribe(subscriptionId: string): Promise<void>;
  subscriptions(): Promise<RemoteSubscription[]>;
}

export interface SubscriptionUrls {
  readonly notification: string;
  readonly lifecycle: string;
}

export interface PersonalRoom {
  /** `https://<site>.webex.com/meet/<name>` */
  readonly url: string;
  /** `<name>@<site>.webex.com` */
  readonly sip: string;
  /** Video system instructions need it; null when the site prints none. */
  readonly meetingNumber: string | null;
  /** Null when one can't join by telephone. */
  readonly phone: Telephony | null;
}

/** A person or room at Webex. */
export interface WebexIdentity {
  readonly id: string;
  /** Of the organisation; null when the answer did not tell. */
  readonly orgId: string | null;
}

/** The public Webex REST API. Throws AppError (upstream `webex`). */
export interface WebexDirectory {
  /** The UUIDs behind an address, or null when Webex knows nobody there. Rooms are found among the workspaces. */
  identify(address: string, kind: 'person' | 'room'): Promise<WebexIdentity | null>;
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

/** The Join notification on the wire: what the app opens and the room device dials are compact JWEs, as in the meeting item. */
export interface ReminderItem {
  /** The meeting's id. */
  readonly id: string;
  readonly start: string;
  /** When it lapses. */
  readonly end: string;
  readonly encryptionKeyUrl: string;
  readonly meetingJoinInfo: { readonly meetingJoinURL?: string; readonly meetingJoinURI?: string };
}

/** The ingest profile. Throws AppError (upstream `webex`). */
export interface MeetingSink {
  put(webexId: string, item: MeetingItem, version: number): Promise<DeliveryOutcome>;
  withdraw(webexId: string, meetingId: string, version: number): Promise<DeliveryOutcome>;
  /** Shows the Join button until the meeting ends; a newer version replaces what is shown. */
  putReminder(webexId: string, reminder: ReminderItem, version: number): Promise<DeliveryOutcome>;
  withdrawReminder(webexId: string, meetingId: string, version: number): Promise<DeliveryOutcome>;
  /** Out of office or not; an older version than the one held changes nothing there. */
  setPresence(webexId: string, presence: PresenceState, version: number): Promise<void>;
}

export interface PresenceState {
  readonly away: boolean;
  /** Epoch milliseconds; null when the end is not known. */
  readonly until: number | null;
}

/** Where the tokens of the service app outlive the process. */
export interface TokenKeeper {
  /** Null when nothing is kept, or what is kept belongs to another authorisation than the present one. */
  load(): TokenPair | null;
  /** Durable when it returns. */
  save(pair: TokenPair): void;
}

/** The event WebSocket of the appliance's registered device, on which KMS answers arrive (reference: webex.md 1.9, 2.2). */
export interface EventStream {
  /** URL of the registered device; null while none is registered (then answers are asked for in the HTTP answer). */
  readonly deviceUrl: string | null;
  onKmsMessages(listener: (messages: readonly string[]) => void): void;
}
