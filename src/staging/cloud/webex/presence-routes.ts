import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { acceptPresence, presenceOf } from './presence-store.ts';
import { webexError } from './webex-error.ts';
import { accountOfUser, authenticateWebex } from './webex-token.ts';

const PRESENCE = z.strictObject({
  version: z.int().min(1),
  eventType: z.enum(['ooo', 'active']),
  expiresTime: z.iso.datetime().optional(),
});

/** Presence: told by the appliance through the ingest profile, read by people's apps as apheleia has it (webex.md 3). */
export function presenceRoutes(context: CloudContext): Hono {
  const app = new Hono();
  app.put('/calendar/ingest/v1/users/:userId/presence', (c) => take(context, c));
  app.get('/apheleia/api/v1/compositions', (c) => {
    if (authenticateWebex(context, c.req.raw) === null) return webexError(c, 401);
    const account = accountOfUser(context, c.req.query('userId') ?? '');
    return account === null ? webexError(c, 404) : c.json(composition(context, account.userId));
  });
  return app;
}

/** Only reached by the service app: the ingest profile's own guard stands before it. */
async function take(context: CloudContext, c: Context): Promise<Response> {
  const account = accountOfUser(context, c.req.param('userId') ?? '');
  if (account === null) return webexError(c, 404);
  const told = PRESENCE.safeParse(await c.req.json().catch(() => null));
  if (!told.success) return webexError(c, 400, 'send {"version", "eventType", "expiresTime"}');
  const { version, eventType, expiresTime = null } = told.data;
  if (eventType === 'active' && expiresTime !== null) return webexError(c, 400, 'active has no end');
  const since = context.clock.now();
  const held = acceptPresence(context, { userId: account.userId, version, eventType, expiresTime, since });
  if (held !== null) return c.json({ outcome: 'fenced', version: held }, 409);
  const what = eventType === 'ooo' ? 'is out of office' : 'is back in office';
  context.tell({
    where: 'webex',
    what: `${account.name} ${what}${expiresTime === null ? '' : ` until ${expiresTime}`}`,
  });
  return c.json({ outcome: 'updated' });
}

function composition(context: CloudContext, userId: string): object {
  const held = presenceOf(context, userId);
  const now = context.clock.now();
  const ends = held?.expiresTime ?? null;
  return {
    url: `${context.baseUrl}/apheleia/api/v1/compositions?userId=${userId}`,
    subject: userId,
    status: held === null ? 'active' : 'ooo',
    statusTime: new Date(held?.since ?? now).toISOString(),
    lastActive: new Date(now).toISOString(),
    expiresTTL: ends === null ? -1 : Math.round((Date.parse(ends) - now) / 1000),
    ...(ends === null ? {} : { expiresTime: ends }),
    suppressNotifications: false,
  };
}
