import type { EventRecurrence } from './recurrence-rule.ts';

/** The subset of a Graph event that the appliance understands, after parsing (reference: graph.md 1.4, 5). */
export type EventType = 'singleInstance' | 'seriesMaster' | 'occurrence' | 'exception';
export type ResponseType =
  | 'none'
  | 'organizer'
  | 'tentativelyAccepted'
  | 'accepted'
  | 'declined'
  | 'notResponded';
export type AttendeeType = 'required' | 'optional' | 'resource';
export type Sensitivity = 'normal' | 'personal' | 'private' | 'confidential';

export interface Person {
  readonly name: string;
  readonly address: string;
}

export interface Attendee extends Person {
  readonly type: AttendeeType;
  readonly response: ResponseType;
}

/** One of an event's places. `raw` is the location as Graph gave it, so that a write can hand it back untouched. */
export interface EventLocation {
  readonly displayName: string;
  readonly uri: string | null;
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface CalendarEvent {
  readonly id: string;
  readonly changeKey: string;
  /** `@odata.etag`, sent back as If-Match. */
  readonly etag: string;
  readonly iCalUId: string;
  readonly type: EventType;
  readonly seriesMasterId: string | null;
  readonly subject: string;
  readonly bodyType: 'html' | 'text';
  readonly body: string;
  readonly locations: readonly EventLocation[];
  readonly onlineMeetingUrl: string | null;
  /** Epoch milliseconds. */
  readonly startAt: number;
  /** Epoch milliseconds, exclusive. */
  readonly endAt: number;
  /** When the last occurrence has ended for certain: `endAt` for all but masters; null for a series without a known end. */
  readonly lastEndAt: number | null;
  /** How a master recurs; null for all others, and when its pattern is of a kind that nobody knows. */
  readonly recurrence: EventRecurrence | null;
  readonly isAllDay: boolean;
  readonly isCancelled: boolean;
  readonly isDraft: boolean;
  readonly isOrganizer: boolean;
  readonly hasAttachments: boolean;
  readonly sensitivity: Sensitivity;
  readonly showAs: string;
  /** The mailbox owner's own answer. */
  readonly response: ResponseType;
  readonly organizer: Person;
  readonly attendees: readonly Attendee[];
  /** Our extended property (graph.md 5.4), null when the event carries none or when the answer could not carry it. */
  readonly mark: string | null;
}

/** A row of a delta round or listing: enough to see whether the event changed since it was last looked at. */
export interface EventStub {
  readonly id: string;
  /** Null when the row did not tell. */
  readonly changeKey: string | null;
  readonly type: EventType;
  /** The series it belongs to; null for single events and masters. */
  readonly seriesMasterId: string | null;
  /** Epoch milliseconds; null when the row did not tell. A master's start is that of its first occurrence. */
  readonly startAt: number | null;
  /** When it was last changed; null when the row did not tell (thin occurrences). */
  readonly modifiedAt: number | null;
}
