import { createHash } from 'node:crypto';
import type { CloudContext } from '../cloud-context.ts';
import type { AppRegistration } from '../directory.ts';
import { answer, answerOccurrence, type Reply } from './answers.ts';
import { movesInTime, unanswered } from './copies.ts';
import { removeEvent, saveEvent } from './event-change.ts';
import { blankEvent, withExtended, withInput } from './event-fields.ts';
import type { EventInput } from './event-input.ts';
import type { GraphEvent, StoredEvent } from './graph-event.ts';
import { GraphRefusal, invalid } from './graph-refusal.ts';
import { graphState } from './graph-state.ts';
import { appName, type GraphWrite, noteWrite } from './graph-writes.ts';
import { cancelCopies, invite } from './invitations.ts';
import type { Owner } from './mailbox-owner.ts';
import { findInstance, type Instance } from './series/find-event.ts';
import { deleteOccurrence, occurrenceChange } from './series/occurrence-change.ts';
import { asSeries, withRecurrence } from './series/series-write.ts';

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
  const plain = withInput(context, blank, input);
  const written = input.recurrence ? asSeries(plain, input.recurrence) : { event: plain };
  const extended = withExtended([], input.singleValueExtendedProperties);
  const { event } = written;
  const saved = context.disk.transaction(() => {
    const stored = { mailbox: actor.owner.guid, extended, fingerprint, ...written };
    const made = saveEvent<StoredEvent>(context, stored, 'created');
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
  const instance = instanceOf(context, stored);
  const change =
    instance === null ? eventChange(context, stored, input) : occurrenceChange(context, instance, input);
  const saved = context.disk.transaction(() => {
    const changed = change();
    note(context, actor, 'PATCH', changed);
    return changed;
  });
  tell(context, actor, 'updates', saved.event);
  return saved;
}

function eventChange(context: CloudContext, stored: StoredEvent, input: EventInput): () => StoredEvent {
  const written = withRecurrence(stored, withInput(context, stored.event, input), input.recurrence);
  const resets = written.event.isOrganizer && movesInTime(stored.event, written.event);
  const attendees = resets ? unanswered(written.event.attendees) : written.event.attendees;
  const extended = withExtended(stored.extended, input.singleValueExtendedProperties);
  const { series: _before, ...rest } = stored;
  const after: StoredEvent = { ...rest, ...written, event: { ...written.event, attendees }, extended };
  return () => {
    const changed = saveEvent(context, after, 'updated');
    if (changed.event.isOrganizer) invite(context, changed, stored);
    return changed;
  };
}

/** Removes an event; an organiser's meeting becomes cancelled at the attendees'. */
export function deleteEvent(context: CloudContext, actor: Actor, stored: StoredEvent): void {
  const cancels = stored.event.isOrganizer && stored.event.attendees.length > 0;
  const instance = instanceOf(context, stored);
  context.disk.transaction(() => {
    note(context, actor, 'DELETE', stored);
    if (instance !== null) deleteOccurrence(context, instance);
    else {
      removeEvent(context, stored);
      if (cancels) cancelCopies(context, stored);
    }
  });
  tell(context, actor, cancels ? 'cancels' : 'deletes', stored.event);
}

/** An attendee's answer to a meeting, a series or one occurrence. Refuses the organiser's, and suggestions nobody wants. */
export function respond(context: CloudContext, actor: Actor, stored: StoredEvent, reply: Reply): void {
  if (stored.event.isOrganizer) {
    const message =
      "Your request can't be completed. You can't respond to this meeting because you're the organizer.";
    throw invalid('ErrorInvalidRequest', message);
  }
  if (reply.proposedNewTime !== undefined && !stored.event.allowNewTimeProposals) {
    throw invalid('ErrorInvalidParameter', 'The organizer does not allow proposals of a new time.');
  }
  const instance = instanceOf(context, stored);
  context.disk.transaction(() => {
    note(context, actor, 'POST', stored);
    if (instance === null) answer(context, stored, reply, actor.owner.address);
    else answerOccurrence(context, instance.master, instance.slot, reply, actor.owner.address);
  });
  const verbs = {
    accepted: 'accepts',
    tentativelyAccepted: 'tentatively accepts',
    declined: 'declines',
  } as const;
  tell(context, actor, verbs[reply.response], stored.event);
}

function instanceOf(context: CloudContext, { mailbox, event }: StoredEvent): Instance | null {
  return event.seriesMasterId === null ? null : findInstance(context, mailbox, event.id);
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
