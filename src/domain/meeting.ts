import type { Attendee, Person, ResponseType, Sensitivity } from './calendar-event.ts';
import type { JoinTarget } from './join-target/join-target.ts';

/**
 * What is sealed: one mailbox's view of one meeting. Everything here is sensitive as a whole; it lives in memory inside one
 * job and at rest only inside an envelope (design D4, D5).
 */
export interface Meeting {
  readonly subject: string;
  readonly location: string;
  /** The invitation's text without mark-up, cut to 10,000 characters. */
  readonly notes: string;
  readonly organizer: Person;
  readonly participants: readonly Attendee[];
  /** The mailbox owner's own answer. Absent in what an earlier version sealed. */
  readonly response?: ResponseType;
  readonly joinTarget: JoinTarget | null;
  readonly iCalUId: string;
  readonly seriesId: string;
  readonly isRecurring: boolean;
  readonly isAllDay: boolean;
  readonly hasAttachments: boolean;
  readonly sensitivity: Sensitivity;
  readonly startAt: number;
  readonly endAt: number;
}

/** The window of the meetings list around now: 7 days back, 31 days ahead (reference: hybrid-calendar.md 1.2). */
export interface ListWindow {
  readonly from: number;
  readonly to: number;
}
