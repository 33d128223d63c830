import type { DateTimeTimeZone } from './time-zone.ts';

export interface EmailAddress {
  readonly name: string;
  readonly address: string;
}

export interface ResponseStatus {
  readonly response: 'none' | 'organizer' | 'tentativelyAccepted' | 'accepted' | 'declined' | 'notResponded';
  readonly time: string;
}

export interface Attendee {
  readonly type: 'required' | 'optional' | 'resource';
  readonly status: ResponseStatus;
  readonly emailAddress: EmailAddress;
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
  readonly seriesMasterId: null;
  readonly showAs: string;
  readonly type: 'singleInstance';
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
  readonly recurrence: null;
  readonly attendees: readonly Attendee[];
  readonly organizer: { readonly emailAddress: EmailAddress };
  readonly onlineMeeting: OnlineMeeting | null;
}

export interface ExtendedProperty {
  readonly id: string;
  readonly value: string;
}

/** One copy of an event in one mailbox. */
export interface StoredEvent {
  /** GUID of the mailbox's owner. */
  readonly mailbox: string;
  readonly event: GraphEvent;
  readonly extended: readonly ExtendedProperty[];
  /** Hash of the request that made it: tells a repeated request from a reused transactionId. Empty on attendees' copies. */
  readonly fingerprint: string;
}

export const NEVER = '0001-01-01T00:00:00Z';
export const NO_RESPONSE: ResponseStatus = { response: 'none', time: NEVER };
