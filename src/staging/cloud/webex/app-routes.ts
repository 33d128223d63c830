import { Hono } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import { itemTable } from './item-store.ts';
import type { MeetingItem } from './meeting-item.ts';
import { webexError } from './webex-error.ts';
import { authenticateWebex } from './webex-token.ts';

const DAY_MS = 86_400_000;

/** The calendar service as people's apps read it (reference: webex.md 1.2). */
export function appRoutes(context: CloudContext): Hono {
  const app = new Hono();
  app.get('/calendar/api/v1/ping', (c) => c.json({ message: 'pong' }));
  app.get('/calendar/api/v1/calendarEvents', (c) => {
    const account = authenticateWebex(context, c.req.raw);
    if (account === null) return webexError(c, 401);
    const now = context.clock.now();
    const from = Date.parse(c.req.query('fromDate') ?? new Date(now - DAY_MS).toISOString());
    const to = Date.parse(c.req.query('toDate') ?? new Date(now + 7 * DAY_MS).toISOString());
    if (Number.isNaN(from) || Number.isNaN(to))
      return webexError(c, 400, 'fromDate and toDate are ISO instants');
    return c.json({ items: itemsOf(context, account.userId).filter((item) => overlaps(item, from, to)) });
  });
  app.get('/calendar/api/v1/calendarEvents/:id', (c) => {
    const account = authenticateWebex(context, c.req.raw);
    if (account === null) return webexError(c, 401);
    const id = Buffer.from(c.req.param('id'), 'base64url').toString('utf8');
    const item = itemsOf(context, account.userId).find((one) => one.id === id);
    return item === undefined ? webexError(c, 404) : c.json(item);
  });
  return app;
}

function itemsOf(context: CloudContext, userId: string): MeetingItem[] {
  const held = itemTable(context).all();
  return held.flatMap((one) => (one.userId === userId && one.item !== null ? [one.item] : []));
}

function overlaps(item: MeetingItem, from: number, to: number): boolean {
  const start = Date.parse(item.start);
  return start < to && start + item.durationMinutes * 60_000 > from;
}
