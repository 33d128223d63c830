import type { CloudContext } from '../cloud-context.ts';
import { saveEvent } from './event-change.ts';
import type { Attendee, GraphEvent, OccurrenceAnswer, StoredEvent } from './graph-event.ts';
import { isSeries, NO_RESPONSE } from './graph-event.ts';
import { graphState } from './graph-state.ts';
import { findOwner, type Owner } from './mailbox-owner.ts';
import { processed } from './room-processing.ts';

const SHARED = [
  'subject',
  'body',
  'bodyPreview',
  'start',
  'end',
  'originalStartTimeZone',
  'originalEndTimeZone',
  'isAllDay',
  'location',
  'locations',
  'importance',
  'sensitivity',
  'hasAttachments',
  'isOnlineMeeting',
  'onlineMeetingProvider',
  'onlineMeeting',
  'responseRequested',
  'allowNewTimeProposals',
  'hideAttendees',
] as const satisfies readonly (keyof GraphEvent)[];

/** What attendees' copies take over from the organiser's. */
export type Shared = Pick<GraphEvent, (typeof SHARED)[number]>;

export function shared(event: GraphEvent): Shared {
  // Object.fromEntries forgets the names it was given.
  return Object.fromEntries(SHARED.map((name) => [name, event[name]])) as Shared;
}

/** What the owner's copy takes over; rooms drop some of it. */
export function sharedWith(context: CloudContext, owner: Owner, organiser: GraphEvent): Shared {
  return processed(context, owner, shared(organiser), organiser.organizer);
}

export function sharesSame(one: GraphEvent, other: GraphEvent): boolean {
  return JSON.stringify(shared(one)) === JSON.stringify(shared(other));
}

/** Whether the two differ in when they take place: then everybody has to answer anew. */
export function movesInTime(before: GraphEvent, after: GraphEvent): boolean {
  return before.start.dateTime !== after.start.dateTime || before.end.dateTime !== after.end.dateTime;
}

/** The attendees' copies of a meeting by mailbox. */
export function copiesOf(context: CloudContext, iCalUId: string): Map<string, StoredEvent> {
  const copies = graphState(context).events.ofMeeting(iCalUId);
  return new Map(copies.filter((one) => !one.event.isOrganizer).map((one) => [one.mailbox, one]));
}

/** The attendees who have a mailbox here, without the organiser. */
export function invitedTo(context: CloudContext, { event, mailbox }: StoredEvent): Map<string, Owner> {
  const owners = event.attendees.flatMap(
    ({ emailAddress }) => findOwner(context, emailAddress.address) ?? [],
  );
  return new Map(owners.filter(({ guid }) => guid !== mailbox).map((owner) => [owner.guid, owner]));
}

export function visibleAttendees(
  { attendees, hideAttendees }: GraphEvent,
  owner: Owner,
): readonly Attendee[] {
  return hideAttendees ? attendees.filter((one) => isSame(one, owner.address)) : attendees;
}

/** All attendees as if they had not answered yet. */
export function unanswered(attendees: readonly Attendee[]): readonly Attendee[] {
  return attendees.map((one) => withAnswer(one, { status: NO_RESPONSE }));
}

/** The event with one attendee's answer; a suggestion of an earlier answer goes. */
export function withAttendee(event: GraphEvent, address: string, answer: OccurrenceAnswer): GraphEvent {
  const attendees = event.attendees.map((one) => (isSame(one, address) ? withAnswer(one, answer) : one));
  return { ...event, attendees };
}

/** The organiser gave the meeting up: what the attendee holds stays, as cancelled, with all its exceptions. */
export function cancelCopy(context: CloudContext, copy: StoredEvent): void {
  if (copy.event.isCancelled) return;
  const gone = { isCancelled: true, showAs: 'free' } as const;
  const event = { ...copy.event, ...gone };
  if (!isSeries(copy)) {
    saveEvent(context, { ...copy, event }, 'updated');
    return;
  }
  const exceptions = Object.fromEntries(
    Object.entries(copy.series.exceptions).map(([slot, one]) => [
      slot,
      { ...one, own: { ...one.own, ...gone } },
    ]),
  );
  saveEvent(context, { ...copy, event, series: { ...copy.series, exceptions } }, 'updated');
}

function withAnswer({ proposedNewTime: _old, ...attendee }: Attendee, answer: OccurrenceAnswer): Attendee {
  return { ...attendee, ...answer };
}

function isSame({ emailAddress }: Attendee, address: string): boolean {
  return emailAddress.address.toLowerCase() === address.toLowerCase();
}
