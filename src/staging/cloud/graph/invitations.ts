import type { CloudContext } from '../cloud-context.ts';
import { saveEvent } from './event-change.ts';
import { newItemId, webLinkOf } from './event-fields.ts';
import type { Attendee, GraphEvent, ResponseStatus, StoredEvent } from './graph-event.ts';
import { NEVER, NO_RESPONSE } from './graph-event.ts';
import { graphState } from './graph-state.ts';
import { findOwner, type Owner } from './mailbox-owner.ts';
import { timestamp } from './time-zone.ts';

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
  'isOnlineMeeting',
  'onlineMeetingProvider',
  'onlineMeeting',
  'responseRequested',
  'allowNewTimeProposals',
  'hideAttendees',
] as const satisfies readonly (keyof GraphEvent)[];

const SHOW_AS: Readonly<Partial<Record<ResponseStatus['response'], string>>> = {
  accepted: 'busy',
  tentativelyAccepted: 'tentative',
  declined: 'free',
};

export type Answer = 'accepted' | 'tentativelyAccepted' | 'declined';

/** Whether the two differ in when they take place: then everybody has to answer anew. */
export function movesInTime(before: GraphEvent, after: GraphEvent): boolean {
  return before.start.dateTime !== after.start.dateTime || before.end.dateTime !== after.end.dateTime;
}

/**
 * Carries the organiser's copy to the attendees who have a mailbox here: new ones get their own copy, those who stay get what
 * changed (nothing when only the list of attendees did), those who were left out see it cancelled. Rooms accept by themselves.
 */
export function invite(context: CloudContext, organiser: StoredEvent, before: StoredEvent | null): void {
  const copies = copiesOf(context, organiser);
  const invited = mailboxesOf(context, organiser);
  for (const copy of copies.values()) {
    if (!invited.has(copy.mailbox) && !copy.event.isCancelled) cancelCopy(context, copy);
  }
  for (const owner of invited.values()) {
    const copy = copies.get(owner.guid);
    const delivered =
      copy === undefined ? deliver(context, organiser, owner) : renew(context, organiser, before, copy);
    const waits = delivered?.event.responseStatus.response === 'notResponded';
    if (delivered !== null && waits && owner.purpose === 'room') answer(context, delivered, 'accepted', true);
  }
}

/** The organiser deleted the meeting: what the attendees hold stays, as cancelled. */
export function cancelCopies(context: CloudContext, organiser: StoredEvent): void {
  for (const copy of copiesOf(context, organiser).values()) {
    if (!copy.event.isCancelled) cancelCopy(context, copy);
  }
}

/** An attendee's answer: on the own copy and, when it is sent, at the organiser's. */
export function answer(context: CloudContext, copy: StoredEvent, response: Answer, send: boolean): void {
  const status: ResponseStatus = { response, time: timestamp(context.clock.now()) };
  const showAs = SHOW_AS[response] ?? 'busy';
  const address = findOwner(context, copy.mailbox)?.address ?? '';
  const event = { ...withStatus(copy.event, address, status), responseStatus: status, showAs };
  saveEvent(context, { ...copy, event }, 'updated');
  const organiser = graphState(context)
    .events.ofMeeting(copy.event.iCalUId)
    .find((one) => one.event.isOrganizer);
  if (!send || organiser === undefined) return;
  saveEvent(context, { ...organiser, event: withStatus(organiser.event, address, status) }, 'updated');
}

/** All attendees as if they had not answered yet. */
export function unanswered(attendees: readonly Attendee[]): readonly Attendee[] {
  return attendees.map((one) => ({ ...one, status: NO_RESPONSE }));
}

function copiesOf(context: CloudContext, organiser: StoredEvent): Map<string, StoredEvent> {
  const copies = graphState(context).events.ofMeeting(organiser.event.iCalUId);
  return new Map(copies.filter((one) => !one.event.isOrganizer).map((one) => [one.mailbox, one]));
}

function mailboxesOf(context: CloudContext, { event, mailbox }: StoredEvent): Map<string, Owner> {
  const owners = event.attendees.flatMap(
    ({ emailAddress }) => findOwner(context, emailAddress.address) ?? [],
  );
  return new Map(owners.filter(({ guid }) => guid !== mailbox).map((owner) => [owner.guid, owner]));
}

function deliver(context: CloudContext, organiser: StoredEvent, owner: Owner): StoredEvent {
  const id = newItemId();
  const event: GraphEvent = {
    ...organiser.event,
    id,
    webLink: webLinkOf(id),
    createdDateTime: timestamp(context.clock.now()),
    transactionId: null,
    categories: [],
    showAs: 'tentative',
    isOrganizer: false,
    attendees: visibleAttendees(organiser.event, owner),
    responseStatus: { response: 'notResponded', time: NEVER },
  };
  return saveEvent(context, { mailbox: owner.guid, event, extended: [], fingerprint: '' }, 'created');
}

function renew(
  context: CloudContext,
  organiser: StoredEvent,
  before: StoredEvent | null,
  copy: StoredEvent,
): StoredEvent | null {
  const old = before?.event ?? copy.event;
  const changed = JSON.stringify(shared(old)) !== JSON.stringify(shared(organiser.event));
  if (!changed && !copy.event.isCancelled) return null;
  const moved = movesInTime(old, organiser.event) || copy.event.isCancelled;
  const owner = findOwner(context, copy.mailbox);
  const event: GraphEvent = {
    ...copy.event,
    ...shared(organiser.event),
    attendees: owner === null ? organiser.event.attendees : visibleAttendees(organiser.event, owner),
    isCancelled: false,
    responseStatus: moved ? { response: 'notResponded', time: NEVER } : copy.event.responseStatus,
  };
  return saveEvent(context, { ...copy, event }, 'updated');
}

function cancelCopy(context: CloudContext, copy: StoredEvent): void {
  saveEvent(context, { ...copy, event: { ...copy.event, isCancelled: true, showAs: 'free' } }, 'updated');
}

function shared(event: GraphEvent): Pick<GraphEvent, (typeof SHARED)[number]> {
  // Object.fromEntries forgets the names it was given.
  return Object.fromEntries(SHARED.map((name) => [name, event[name]])) as Pick<
    GraphEvent,
    (typeof SHARED)[number]
  >;
}

function visibleAttendees({ attendees, hideAttendees }: GraphEvent, owner: Owner): readonly Attendee[] {
  return hideAttendees ? attendees.filter((one) => isSame(one, owner.address)) : attendees;
}

function withStatus(event: GraphEvent, address: string, status: ResponseStatus): GraphEvent {
  return {
    ...event,
    attendees: event.attendees.map((one) => (isSame(one, address) ? { ...one, status } : one)),
  };
}

function isSame({ emailAddress }: Attendee, address: string): boolean {
  return emailAddress.address.toLowerCase() === address.toLowerCase();
}
