import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { type Actor, createEvent, deleteEvent, respond, updateEvent } from './calendar.ts';
import { eventAnswer, readShape, WHOLE } from './event-answer.ts';
import { readEventInput, readObject } from './event-input.ts';
import { pageOf } from './event-query.ts';
import { jsonText, queryOf, requireApp } from './graph-call.ts';
import type { StoredEvent } from './graph-event.ts';
import { GraphRefusal, invalid, notFoundItem, notSimulated } from './graph-refusal.ts';
import { graphState } from './graph-state.ts';
import type { Answer } from './invitations.ts';
import { requireOwner } from './mailbox-owner.ts';
import { asMangled } from './mangled-events.ts';
import { readPreferences } from './preferences.ts';

const ACTIONS = new Map<string, Answer>([
  ['accept', 'accepted'],
  ['decline', 'declined'],
  ['tentativelyAccept', 'tentativelyAccepted'],
]);
const RESPONSE = z.strictObject({
  comment: z.string().optional(),
  sendResponse: z.boolean().default(true),
  proposedNewTime: z.unknown().optional(),
});

/** Events of the default calendar (reference: graph.md 1.2, operations 1, 2, 4, 8, 10 and 11). */
export function eventRoutes(context: CloudContext): Hono {
  const app = new Hono();
  for (const base of ['/v1.0/users/:u/events', '/v1.0/users/:u/calendar/events'] as const) {
    app.get(base, (c) => list(context, c, reader(context, c)));
    app.post(base, async (c) => await create(context, c, writer(context, c)));
    app.get(`${base}/:e`, (c) => read(context, c, reader(context, c)));
    app.patch(`${base}/:e`, async (c) => await update(context, c, writer(context, c)));
    app.delete(`${base}/:e`, (c) => remove(context, c, writer(context, c)));
    for (const [action, response] of ACTIONS) {
      app.post(`${base}/:e/${action}`, async (c) => await reply(context, c, writer(context, c), response));
    }
  }
  return app;
}

function reader(context: CloudContext, c: Context): Actor {
  const app = requireApp(context, c, 'Calendars.Read', 'Calendars.ReadWrite');
  return { app, owner: requireOwner(context, c.req.param('u') ?? '') };
}

function writer(context: CloudContext, c: Context): Actor {
  const app = requireApp(context, c, 'Calendars.ReadWrite');
  return { app, owner: requireOwner(context, c.req.param('u') ?? '') };
}

async function create(context: CloudContext, c: Context, actor: Actor): Promise<Response> {
  const preferences = readPreferences(c);
  const text = await jsonText(c);
  const stored = createEvent(context, actor, readEventInput(text), text);
  c.header(
    'Location',
    `${context.baseUrl}/v1.0/users('${actor.owner.guid}')/calendar/events('${stored.event.id}')`,
  );
  return c.json(entity(context, stored, eventAnswer(stored, WHOLE, preferences)), 201);
}

function read(context: CloudContext, c: Context, actor: Actor): Response {
  const shape = readShape(queryOf(c));
  const preferences = readPreferences(c);
  const stored = requireEvent(context, c, actor);
  const answer = asMangled(context, stored, eventAnswer(stored, shape, preferences));
  return c.json(entity(context, stored, answer));
}

function list(context: CloudContext, c: Context, { owner }: Actor): Response {
  const query = queryOf(c);
  const shape = readShape(query);
  const preferences = readPreferences(c);
  const page = pageOf(graphState(context).events.inMailbox(owner.guid), query);
  return c.json({
    '@odata.context': `${context.baseUrl}/v1.0/$metadata#users('${owner.guid}')/calendar/events`,
    ...(query.get('$count') === 'true' ? { '@odata.count': page.count } : {}),
    value: page.events.map((stored) => eventAnswer(stored, shape, preferences)),
    ...(page.nextSkip === null ? {} : { '@odata.nextLink': nextLink(context, c, page.nextSkip) }),
  });
}

async function update(context: CloudContext, c: Context, actor: Actor): Promise<Response> {
  const preferences = readPreferences(c);
  const text = await jsonText(c);
  // Found after the last await: what If-Match is compared with must be what is changed.
  const stored = requireEvent(context, c, actor);
  refuseStale(c, stored);
  const updated = updateEvent(context, actor, stored, readEventInput(text));
  return c.json(entity(context, updated, eventAnswer(updated, WHOLE, preferences)));
}

function remove(context: CloudContext, c: Context, actor: Actor): Response {
  const stored = requireEvent(context, c, actor);
  refuseStale(c, stored);
  deleteEvent(context, actor, stored);
  return c.body(null, 204);
}

async function reply(context: CloudContext, c: Context, actor: Actor, response: Answer): Promise<Response> {
  const text = await c.req.text();
  const parsed = RESPONSE.safeParse(text === '' ? {} : readObject(text));
  if (!parsed.success)
    throw invalid('ErrorInvalidParameter', 'The parameters of the response are not valid.');
  if (parsed.data.proposedNewTime !== undefined) throw notSimulated('proposing a new time');
  respond(context, actor, requireEvent(context, c, actor), response, parsed.data.sendResponse);
  return c.body(null, 202);
}

function requireEvent(context: CloudContext, c: Context, { owner }: Actor): StoredEvent {
  const id = c.req.param('e') ?? '';
  if (id === 'delta') throw notSimulated('events/delta');
  const stored = graphState(context).events.get(owner.guid, id);
  if (stored === undefined) throw notFoundItem();
  return stored;
}

function refuseStale(c: Context, { event }: StoredEvent): void {
  const expected = c.req.header('if-match');
  if (expected === undefined || expected === '*' || expected === event['@odata.etag']) return;
  const message = 'The change key passed in the request does not match the current change key of the item.';
  throw new GraphRefusal(412, 'ErrorIrresolvableConflict', message);
}

function entity(context: CloudContext, { mailbox }: StoredEvent, answer: object): object {
  return {
    '@odata.context': `${context.baseUrl}/v1.0/$metadata#users('${mailbox}')/events/$entity`,
    ...answer,
  };
}

function nextLink(context: CloudContext, c: Context, skip: number): string {
  const asked = new URL(c.req.url);
  const link = new URL(`${context.baseUrl}${asked.pathname}${asked.search}`);
  link.searchParams.set('$skip', String(skip));
  return link.toString();
}
