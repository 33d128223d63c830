import { z } from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { CalendarEvent } from '../domain/calendar-event.ts';
import type { EventAnswer, EventReading, EventWrite, NewEvent, WriteOutcome } from '../domain/ports.ts';
import { type GraphClient, unreadable } from './client.ts';
import { errorBody, saysNoItem } from './graph-error.ts';
import { utcWall } from './graph-time.ts';
import { MARK_PROPERTY, parseEvent } from './parse.ts';

/** Shows our extended property, which Graph leaves out otherwise (reference: graph.md 5.4). */
export const WITH_MARK = { $expand: `singleValueExtendedProperties($filter=id eq '${MARK_PROPERTY}')` };

const CREATED = z.object({ id: z.string().min(1) });
const TWIN = z.object({ error: z.object({ '@event.existingEventId': z.string().min(1) }) });
const RESPONSES: Readonly<Record<EventAnswer, string>> = {
  accept: 'accepted',
  tentativelyAccept: 'tentativelyAccepted',
  decline: 'declined',
};

export async function readEvent(client: GraphClient, guid: string, eventId: string): Promise<EventReading> {
  const url = client.urlOf(['users', guid, 'events', eventId], WITH_MARK);
  const answer = await client.call({ method: 'GET', url, mailbox: guid.toLowerCase() });
  if (answer.kind === 'done') return { kind: 'found', event: parseEvent(answer.json) };
  if (saysNoItem(answer.refusal)) return { kind: 'gone' };
  throw answer.error;
}

export async function writeEvent(
  client: GraphClient,
  guid: string,
  event: CalendarEvent,
  write: EventWrite,
): Promise<WriteOutcome> {
  const answer = await client.call({
    method: 'PATCH',
    url: client.urlOf(['users', guid, 'calendar', 'events', event.id]),
    mailbox: guid.toLowerCase(),
    ifMatch: event.etag,
    body: {
      ...(write.body === undefined ? {} : { body: write.body }),
      ...(write.locations === undefined ? {} : { locations: write.locations }),
      singleValueExtendedProperties: [{ id: MARK_PROPERTY, value: write.mark }],
    },
  });
  // Answers to writes do not echo extended properties.
  if (answer.kind === 'done')
    return { kind: 'written', event: { ...parseEvent(answer.json), mark: write.mark } };
  const { status } = answer.refusal;
  if (status === 409 || status === 412) return { kind: 'raced' };
  if (saysNoItem(answer.refusal)) return { kind: 'gone' };
  throw answer.error;
}

/** The transactionId makes the call idempotent: a second one gives the event of the first (reference: graph.md 1.2, op 1). */
export async function createEvent(client: GraphClient, guid: string, event: NewEvent): Promise<string> {
  const time = (at: number) => ({ dateTime: utcWall(at), timeZone: 'UTC' });
  const answer = await client.call({
    method: 'POST',
    url: client.urlOf(['users', guid, 'calendar', 'events']),
    mailbox: guid.toLowerCase(),
    idempotent: true,
    body: {
      subject: event.subject,
      body: event.body,
      start: time(event.startAt),
      end: time(event.endAt),
      location: { displayName: event.location },
      attendees: event.attendees.map((emailAddress) => ({ emailAddress, type: 'required' })),
      transactionId: event.transactionId,
    },
  });
  if (answer.kind === 'done') return (CREATED.safeParse(answer.json).data ?? raiseUnreadable()).id;
  const twin = twinOf(answer.refusal.text);
  if (twin === null) throw answer.error;
  return twin;
}

function twinOf(text: string): string | null {
  if (errorBody(text).code !== 'errorduplicatetransactionid') return null;
  return TWIN.safeParse(JSON.parse(text)).data?.error['@event.existingEventId'] ?? null;
}

export async function deleteEvent(client: GraphClient, guid: string, eventId: string): Promise<void> {
  const url = client.urlOf(['users', guid, 'calendar', 'events', eventId]);
  const answer = await client.call({ method: 'DELETE', url, mailbox: guid.toLowerCase() });
  if (answer.kind === 'refused' && !saysNoItem(answer.refusal)) throw answer.error;
}

/** Each call may mail the organiser, so after a lost answer the event itself tells whether it took effect. */
export async function respond(
  client: GraphClient,
  guid: string,
  eventId: string,
  answer: EventAnswer,
  comment: string | null,
): Promise<void> {
  const url = client.urlOf(['users', guid, 'calendar', 'events', eventId, answer]);
  const body = { sendResponse: true, ...(comment === null ? {} : { comment }) };
  try {
    await client.demand({ method: 'POST', url, mailbox: guid.toLowerCase(), body });
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'unavailable') throw thrown;
    const reading = await readEvent(client, guid, eventId);
    if (reading.kind === 'found' && reading.event.response === RESPONSES[answer]) return;
    throw thrown;
  }
}

function raiseUnreadable(): never {
  throw unreadable();
}
