import type { CloudContext } from '../cloud-context.ts';
import { withAttendee } from './copies.ts';
import { removeEvent, saveEvent } from './event-change.ts';
import type {
  GraphEvent,
  OccurrenceAnswer,
  ResponseStatus,
  StoredEvent,
  StoredSeries,
} from './graph-event.ts';
import { isSeries } from './graph-event.ts';
import { graphState } from './graph-state.ts';
import { keepsDeclined } from './mailbox-habits.ts';
import {
  changedException,
  withException,
  withOccurrenceAnswer,
  withoutOccurrence,
} from './series/exception.ts';
import { occurrenceOf } from './series/occurrence.ts';
import { readOccurrenceUid } from './series/occurrence-id.ts';
import { timestamp } from './time-zone.ts';

export type Answer = 'accepted' | 'tentativelyAccepted' | 'declined';

/** What an attendee says. */
export interface Reply extends Pick<OccurrenceAnswer, 'proposedNewTime'> {
  readonly response: Answer;
  /** Whether the organiser is told. */
  readonly send: boolean;
}

const SHOW_AS: Readonly<Partial<Record<ResponseStatus['response'], string>>> = {
  accepted: 'busy',
  tentativelyAccepted: 'tentative',
  declined: 'free',
};

/** An attendee's answer to a meeting or a series: on the own copy and, when it is sent, at the organiser's. */
export function answer(context: CloudContext, copy: StoredEvent, reply: Reply, address: string): void {
  const said = answerOf(context, reply);
  const goes = reply.response === 'declined' && !keepsDeclined(context, copy.mailbox);
  if (goes) removeEvent(context, copy);
  else saveEvent(context, { ...copy, event: answered(copy.event, address, said) }, 'updated');
  if (reply.send) tellOrganiser(context, copy.event.iCalUId, address, said);
}

/** An attendee's answer to one occurrence: it becomes an exception on both sides. */
export function answerOccurrence(
  context: CloudContext,
  copy: StoredSeries,
  slot: string,
  reply: Reply,
  address: string,
): void {
  const said = answerOf(context, reply);
  const before = occurrenceOf(copy, slot)?.event;
  if (before === undefined) return;
  const goes = reply.response === 'declined' && !keepsDeclined(context, copy.mailbox);
  const exception = changedException(context, copy.series.exceptions[slot], {
    before,
    after: { ...before, ...standing(said) },
  });
  const changed = goes
    ? withoutOccurrence(copy, slot)
    : withException(copy, slot, withOccurrenceAnswer(exception, address, said));
  saveEvent(context, changed, 'updated');
  if (reply.send) tellOrganiser(context, before.iCalUId, address, said);
}

function answerOf(context: CloudContext, { response, proposedNewTime }: Reply): OccurrenceAnswer {
  const status = { response, time: timestamp(context.clock.now()) };
  return proposedNewTime === undefined ? { status } : { status, proposedNewTime };
}

function answered(event: GraphEvent, address: string, said: OccurrenceAnswer): GraphEvent {
  return { ...withAttendee(event, address, said), ...standing(said) };
}

function standing({ status }: OccurrenceAnswer): Pick<GraphEvent, 'responseStatus' | 'showAs'> {
  return { responseStatus: status, showAs: SHOW_AS[status.response] ?? 'busy' };
}

// The answer to an occurrence, also from somebody who was invited to that alone, finds its series by the identifier.
function tellOrganiser(
  context: CloudContext,
  iCalUId: string,
  address: string,
  said: OccurrenceAnswer,
): void {
  const own = organisersCopy(context, iCalUId);
  if (own !== undefined) {
    saveEvent(context, { ...own, event: withAttendee(own.event, address, said) }, 'updated');
    return;
  }
  const { uid, slot } = readOccurrenceUid(iCalUId);
  const master = organisersCopy(context, uid);
  if (slot === null || master === undefined || !isSeries(master)) return;
  const event = occurrenceOf(master, slot)?.event;
  if (event === undefined) return;
  const exception = changedException(context, master.series.exceptions[slot], {
    before: event,
    after: event,
  });
  const changed = withException(master, slot, withOccurrenceAnswer(exception, address, said));
  saveEvent(context, changed, 'updated');
}

function organisersCopy(context: CloudContext, iCalUId: string): StoredEvent | undefined {
  return graphState(context)
    .events.ofMeeting(iCalUId)
    .find((one) => one.event.isOrganizer);
}
