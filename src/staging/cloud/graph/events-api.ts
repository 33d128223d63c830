import { type Context, Hono } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import type { Answer } from './answers.ts';
import { type Actor, createEvent, deleteEvent, respond, updateEvent } from './calendar.ts';
import { eventAnswer, readShape, WHOLE } from './event-answer.ts';
import { readEventInput } from './event-input.ts';
import { dressed, seenEvent, seenItems } from './faults/reading.ts';
import { jsonText, queryOf } from './graph-call.ts';
import type { StoredEvent } from './graph-event.ts';
import { GraphRefusal, notFoundItem, notSimulated } from './graph-refusal.ts';
import { graphState } from './graph-state.ts';
import { listing } from './listing.ts';
import { mailboxReader, mailboxWriter, readerOf } from './mailbox-call.ts';
import { asMangled } from './mangled-events.ts';
import { type Preferences, readPreferences } from './preferences.ts';
import { readReply } from './respond-input.ts';
import { requireEvent } from './series/find-event.ts';
import { exceptionsOf } from './series/occurrence.ts';
import { seriesMembers } from './series/series-members.ts';

const ACTIONS = new Map<string, Answer>([
  ['accept', 'accepted'],
  ['decline', 'declined'],
  ['tentativelyAccept', 'tentativelyAccepted'],
]);
/** Events of the default calendar (reference: graph.md 1.2, operations 1, 2, 4, 8, 10 and 11). */
export function eventRoutes(context: CloudContext): Hono {
  const app = new Hono();
  for (const base of ['/v1.0/users/:u/events', '/v1.0/users/:u/calendar/events'] as const) {
    app.get(base, (c) => list(context, c));
    app.post(base, async (c) => await create(context, c, mailboxWriter(context, c)));
    app.get(`${base}/delta`, () => {
      throw notSimulated('events/delta');
    });
    app.get(`${base}/:e`, (c) => read(context, c));
    app.patch(`${base}/:e`, async (c) => await update(context, c, mailboxWriter(context, c)));
    app.delete(`${base}/:e`, (c) => remove(context, c, mailboxWriter(context, c)));
    for (const [action, response] of ACTIONS) {
      app.post(
        `${base}/:e/${action}`,
        async (c) => await reply(context, c, mailboxWriter(context, c), response),
      );
    }
  }
  return app;
}

async function create(context: CloudContext, c: Context, actor: Actor): Promise<Response> {
  const preferences = readPreferences(c);
  const text = await jsonText(c);
  const stored = createEvent(context, actor, readEventInput(text), text);
  c.header(
    'Location',
    `${context.baseUrl}/v1.0/users('${actor.owner.guid}')/calendar/events('${stored.event.id}')`,
  );
  return c.json(wholeEntity(context, actor, stored, preferences), 201);
}

function read(context: CloudContext, c: Context): Response {
  const reader = mailboxReader(context, c);
  const shape = readShape(queryOf(c));
  const preferences = readPreferences(c);
  const seen = seenEvent(context, reader, idOf(c));
  if (seen === undefined) throw notFoundItem();
  const members = seriesMembers(seen, shape, preferences);
  const answer = { ...eventAnswer(dressed(context, reader, seen), shape, preferences), ...members };
  return c.json(entity(context, seen, asMangled(context, seen, answer)));
}

/** Single events and series; exceptions turn up among them when that was ordered (reference: graph.md op 4). */
function list(context: CloudContext, c: Context): Response {
  const reader = mailboxReader(context, c);
  const items = seenItems(context, reader);
  const { misbehaviours } = graphState(context);
  const exceptions =
    misbehaviours.strike('list-exceptions', reader) === null ? [] : items.flatMap(exceptionsOf);
  return listing(context, c, reader, { where: 'calendar/events', events: [...items, ...exceptions] });
}

async function update(context: CloudContext, c: Context, actor: Actor): Promise<Response> {
  const preferences = readPreferences(c);
  const text = await jsonText(c);
  // Found after the last await: what If-Match is compared with must be what is changed.
  const stored = requireEvent(context, actor.owner.guid, idOf(c));
  refuseStale(c, stored);
  const updated = updateEvent(context, actor, stored, readEventInput(text));
  return c.json(wholeEntity(context, actor, updated, preferences));
}

function remove(context: CloudContext, c: Context, actor: Actor): Response {
  const stored = requireEvent(context, actor.owner.guid, idOf(c));
  refuseStale(c, stored);
  deleteEvent(context, actor, stored);
  return c.body(null, 204);
}

async function reply(context: CloudContext, c: Context, actor: Actor, response: Answer): Promise<Response> {
  const said = readReply(await c.req.text(), response);
  respond(context, actor, requireEvent(context, actor.owner.guid, idOf(c)), said);
  return c.body(null, 202);
}

function idOf(c: Context): string {
  return c.req.param('e') ?? '';
}

function refuseStale(c: Context, { event }: StoredEvent): void {
  const expected = c.req.header('if-match');
  if (expected === undefined || expected === '*' || expected === event['@odata.etag']) return;
  const message = 'The change key passed in the request does not match the current change key of the item.';
  throw new GraphRefusal(412, 'ErrorIrresolvableConflict', message);
}

function wholeEntity(
  context: CloudContext,
  actor: Actor,
  stored: StoredEvent,
  preferences: Preferences,
): object {
  const shown = dressed(context, readerOf(context, actor), stored);
  return entity(context, stored, eventAnswer(shown, WHOLE, preferences));
}

function entity(context: CloudContext, { mailbox }: StoredEvent, answer: object): object {
  return {
    '@odata.context': `${context.baseUrl}/v1.0/$metadata#users('${mailbox}')/events/$entity`,
    ...answer,
  };
}
