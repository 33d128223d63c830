import { createHash } from 'node:crypto';
import type { CloudContext } from '../cloud-context.ts';
import type { AppRegistration } from '../directory.ts';
import { removeEvent, saveEvent } from './event-change.ts';
import { blankEvent, withExtended, withInput } from './event-fields.ts';
import type { EventInput } from './event-input.ts';
import type { GraphEvent, StoredEvent } from './graph-event.ts';
import { GraphRefusal, invalid } from './graph-refusal.ts';
import { graphState } from './graph-state.ts';
import { appName, type GraphWrite, noteWrite } from './graph-writes.ts';
import { type Answer, answer, cancelCopies, invite, movesInTime, unanswered } from './invitations.ts';
import type { Owner } from './mailbox-owner.ts';

/** Who does something in whose mailbox. */
export interface Actor {
  readonly app: AppRegistration;
  readonly owner: Owner;
}

/** Books an event and invites. A repeated transactionId gives the event made before, or refuses other content. */
export function createEvent(
  context: CloudContext,
  actor: Actor,
  input: EventInput,
  requestText: string,
): StoredEvent {
  const fingerprint = createHash('sha256').update(requestText).digest('base64');
  const twin = findTwin(context, actor, input, fingerprint);
  if (twin !== undefined) return twin;
  if (input.start === undefined || input.end === undefined) {
    throw invalid('ErrorInvalidRequest', 'An event needs a start and an end.');
  }
  const blank = { ...blankEvent(context, actor.owner), transactionId: input.transactionId ?? null };
  const event = withInput(context, blank, input);
  const extended = withExtended([], input.singleValueExtendedProperties);
  const saved = context.disk.transaction(() => {
    const made = saveEvent(context, { mailbox: actor.owner.guid, event, extended, fingerprint }, 'created');
    note(context, actor, 'POST', made);
    invite(context, made, null);
    return made;
  });
  const where = event.location.displayName === '' ? '' : ` · ${event.location.displayName}`;
  tell(context, actor, 'books', event, where);
  return saved;
}

/** Changes an event; an organiser's change goes on to the attendees, an attendee's stays in the own copy. */
export function updateEvent(
  context: CloudContext,
  actor: Actor,
  stored: StoredEvent,
  input: EventInput,
): StoredEvent {
  if (input.transactionId !== undefined && input.transactionId !== stored.event.transactionId) {
    throw invalid('ErrorInvalidRequest', 'transactionId can only be set when an event is created.');
  }
  const written = withInput(context, stored.event, input);
  const resets = written.isOrganizer && movesInTime(stored.event, written);
  const event = resets ? { ...written, attendees: unanswered(written.attendees) } : written;
  const extended = withExtended(stored.extended, input.singleValueExtendedProperties);
  const saved = context.disk.transaction(() => {
    const changed = saveEvent(context, { ...stored, event, extended }, 'updated');
    note(context, actor, 'PATCH', changed);
    if (event.isOrganizer) invite(context, changed, stored);
    return changed;
  });
  tell(context, actor, 'updates', event);
  return saved;
}

/** Removes an event; an organiser's meeting becomes cancelled at the attendees'. */
export function deleteEvent(context: CloudContext, actor: Actor, stored: StoredEvent): void {
  const cancels = stored.event.isOrganizer && stored.event.attendees.length > 0;
  context.disk.transaction(() => {
    note(context, actor, 'DELETE', stored);
    removeEvent(context, stored);
    if (cancels) cancelCopies(context, stored);
  });
  tell(context, actor, cancels ? 'cancels' : 'deletes', stored.event);
}

/** An attendee's answer. Declined events stay visible in this tenant (the users keep "show declined events" on). */
export function respond(
  context: CloudContext,
  actor: Actor,
  stored: StoredEvent,
  response: Answer,
  send: boolean,
): void {
  if (stored.event.isOrganizer) {
    const message =
      "Your request can't be completed. You can't respond to this meeting because you're the organizer.";
    throw invalid('ErrorInvalidRequest', message);
  }
  context.disk.transaction(() => {
    note(context, actor, 'POST', stored);
    answer(context, stored, response, send);
  });
  const verbs = {
    accepted: 'accepts',
    tentativelyAccepted: 'tentatively accepts',
    declined: 'declines',
  } as const;
  tell(context, actor, verbs[response], stored.event);
}

function findTwin(
  context: CloudContext,
  { owner }: Actor,
  input: EventInput,
  fingerprint: string,
): StoredEvent | undefined {
  if (input.transactionId === undefined || input.transactionId === null) return undefined;
  const twin = graphState(context).events.byTransaction(owner.guid, input.transactionId);
  if (twin === undefined || twin.fingerprint === fingerprint) return twin;
  const message = 'The transactionId has already been used to create a different event.';
  const members = { '@event.existingEventId': twin.event.id };
  throw new GraphRefusal(400, 'ErrorDuplicateTransactionId', message, { members });
}

function note(
  context: CloudContext,
  actor: Actor,
  method: GraphWrite['method'],
  { mailbox, event }: StoredEvent,
): void {
  noteWrite(context, actor.app, { method, mailbox, eventId: event.id });
}

function tell(
  context: CloudContext,
  { app, owner }: Actor,
  verb: string,
  event: GraphEvent,
  more = '',
): void {
  const byAppliance = appName(context, app) === 'appliance';
  const [who, of] = byAppliance ? ['the appliance', ` of ${owner.name}`] : [owner.name, ''];
  context.tell({ where: 'graph', what: `${who} ${verb} “${event.subject}”${of}${more}` });
}
