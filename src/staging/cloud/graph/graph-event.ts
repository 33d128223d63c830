import type { PatternedRecurrence } from './series/recurrence.ts';
import type { DateTimeTimeZone } from './time-zone.ts';

export interface EmailAddress {
  readonly name: string;
  readonly address: string;
}

export interface ResponseStatus {
  readonly response: 'none' | 'organizer' | 'tentativelyAccepted' | 'accepted' | 'declined' | 'notResponded';
  readonly time: string;
}

export interface TimeSlot {
  readonly start: DateTimeTimeZone;
  readonly end: DateTimeTimeZone;
}

export interface Attendee {
  readonly type: 'required' | 'optional' | 'resource';
  readonly status: ResponseStatus;
  readonly emailAddress: EmailAddress;
  /** What the attendee suggested with the answer. */
  readonly proposedNewTime?: TimeSlot;
}

export interface Location {
  readonly displayName: string;
  readonly locationType: string;
  readonly uniqueId?: string;
  readonly uniqueIdType?: string;
  readonly [other: string]: unknown;
}

export interface OnlineMeeting {
  readonly joinUrl: string;
  readonly conferenceId: string;
  readonly tollNumber: string;
}

/** An event exactly as Graph answers it, in UTC and with an HTML body. */
export interface GraphEvent {
  readonly '@odata.etag': string;
  readonly id: string;
  readonly createdDateTime: string;
  readonly lastModifiedDateTime: string;
  readonly changeKey: string;
  readonly categories: readonly string[];
  readonly transactionId: string | null;
  readonly originalStartTimeZone: string;
  readonly originalEndTimeZone: string;
  readonly iCalUId: string;
  readonly reminderMinutesBeforeStart: number;
  readonly isReminderOn: boolean;
  readonly hasAttachments: boolean;
  readonly subject: string;
  readonly bodyPreview: string;
  readonly importance: string;
  readonly sensitivity: string;
  readonly isAllDay: boolean;
  readonly isCancelled: boolean;
  readonly isOrganizer: boolean;
  readonly responseRequested: boolean;
  readonly seriesMasterId: string | null;
  readonly showAs: string;
  readonly type: 'singleInstance' | 'seriesMaster' | 'occurrence' | 'exception';
  /** Start of the slot; only with occurrences and exceptions. */
  readonly originalStart?: string;
  readonly webLink: string;
  readonly onlineMeetingUrl: null;
  readonly isOnlineMeeting: boolean;
  readonly onlineMeetingProvider: string;
  readonly allowNewTimeProposals: boolean;
  readonly occurrenceId: null;
  readonly isDraft: boolean;
  readonly hideAttendees: boolean;
  readonly responseStatus: ResponseStatus;
  readonly body: { readonly contentType: 'html' | 'text'; readonly content: string };
  readonly start: DateTimeTimeZone;
  readonly end: DateTimeTimeZone;
  readonly location: Location;
  readonly locations: readonly Location[];
  readonly recurrence: PatternedRecurrence | null;
  readonly attendees: readonly Attendee[];
  readonly organizer: { readonly emailAddress: EmailAddress };
  readonly onlineMeeting: OnlineMeeting | null;
}

export interface ExtendedProperty {
  readonly id: string;
  readonly value: string;
}

/** An attendee's answer to one occurrence alone. */
export interface OccurrenceAnswer {
  readonly status: ResponseStatus;
  readonly proposedNewTime?: TimeSlot;
}

/** One occurrence that differs from its series. */
export interface Exception {
  /** What it does not take from the series any more. Its body, places and times always are its own. */
  readonly own: Partial<GraphEvent>;
  /** By address in lower case; they win over the answers to the series. */
  readonly answers: Readonly<Record<string, OccurrenceAnswer>>;
  readonly extended: readonly ExtendedProperty[];
  readonly lastModifiedDateTime: string;
}

/** What a series master holds besides its event. Occurrences are not stored: they follow from it. */
export interface Series {
  /** IANA name of the zone whose wall clock the series keeps. UTC for all-day series, whose days float. */
  readonly zone: string;
  /** Wall clock of the first occurrence's start in that zone, `2026-12-01T10:00:00`. */
  readonly start: string;
  readonly end: string;
  /** Slots (`yyyy-mm-dd`) whose occurrence was deleted, in order. */
  readonly cancelled: readonly string[];
  /** By slot. */
  readonly exceptions: Readonly<Record<string, Exception>>;
}

/** One copy of an event in one mailbox. Occurrences and exceptions take this shape too but are kept with their series. */
export interface StoredEvent {
  /** GUID of the mailbox's owner. */
  readonly mailbox: string;
  readonly event: GraphEvent;
  readonly extended: readonly ExtendedProperty[];
  /** Hash of the request that made it: tells a repeated request from a reused transactionId. Empty on attendees' copies. */
  readonly fingerprint: string;
  /** With series masters only. */
  readonly series?: Series;
}

/** A series master with its series. */
export interface StoredSeries extends StoredEvent {
  readonly event: GraphEvent & { readonly recurrence: PatternedRecurrence };
  readonly series: Series;
}

export function isSeries(stored: StoredEvent): stored is StoredSeries {
  return stored.series !== undefined && stored.event.recurrence !== null;
}

export const NEVER = '0001-01-01T00:00:00Z';
export const NO_RESPONSE: ResponseStatus = { response: 'none', time: NEVER };
