import { type Context, Hono } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import { appItem, itemNotes, itemParticipants } from './app-item.ts';
import { heldItem, itemsOf } from './item-store.ts';
import type { MeetingItem } from './meeting-item.ts';
import { webexError } from './webex-error.ts';
import { authenticateWebex } from './webex-token.ts';

const DAY_MS = 86_400_000;
const EVENTS = '/calendar/api/v1/calendarEvents';

type View = (context: CloudContext, item: MeetingItem) => object;

/** The calendar service as people's apps read it; everybody sees the own list only (reference: webex.md 1.2). */
export function appRoutes(context: CloudContext): Hono {
  const app = new Hono();
  app.get('/calendar/api/v1/ping', (c) => c.json({ message: 'pong' }));
  app.get(EVENTS, (c) => list(context, c));
  app.get(`${EVENTS}/:id`, (c) => one(context, c, appItem));
  app.get(`${EVENTS}/:id/notes`, (c) => one(context, c, itemNotes));
  app.get(`${EVENTS}/:id/participants`, (c) => one(context, c, itemParticipants));
  return app;
}

function list(context: CloudContext, c: Context): Response {
  const account = authenticateWebex(context, c.req.raw);
  if (account === null) return webexError(c, 401);
  const now = context.clock.now();
  const from = Date.parse(c.req.query('fromDate') ?? new Date(now - DAY_MS).toISOString());
  const to = Date.parse(c.req.query('toDate') ?? new Date(now + 7 * DAY_MS).toISOString());
  if (Number.isNaN(from) || Number.isNaN(to))
    return webexError(c, 400, 'fromDate and toDate are ISO instants');
  const items = itemsOf(context, account.userId).filter((item) => overlaps(item, from, to));
  return c.json({ items: items.map((item) => appItem(context, item)) });
}

function one(context: CloudContext, c: Context, view: View): Response {
  const account = authenticateWebex(context, c.req.raw);
  if (account === null) return webexError(c, 401);
  const id = Buffer.from(c.req.param('id') ?? '', 'base64url').toString('utf8');
  const item = heldItem(context, account.userId, id);
  return item === null ? webexError(c, 404) : c.json(view(context, item));
}

function overlaps(item: MeetingItem, from: number, to: number): boolean {
  const start = Date.parse(item.start);
  return start < to && start + item.durationMinutes * 60_000 > from;
}
