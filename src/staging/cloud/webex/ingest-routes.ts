import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { accept, type Outcome } from './item-store.ts';
import { MEETING_ITEM } from './meeting-item.ts';
import type { MercuryHub } from './mercury-hub.ts';
import { flawsOf, webexError } from './webex-error.ts';
import { accountOfUser, authenticateWebex } from './webex-token.ts';

const PATH = '/calendar/ingest/v1/users/:userId/meetings/:id';
const DELIVERY = z.strictObject({ version: z.int().min(1), item: MEETING_ITEM });
const VERSION = z
  .string()
  .regex(/^[1-9]\d*$/)
  .transform(Number)
  .pipe(z.int());
const STATUS = { created: 201, updated: 200, withdrawn: 200, fenced: 409 } as const;
const MAX_BYTES = 262_144;

/** The ingest profile: the connector's side of the calendar service (design D7). */
export function ingestRoutes(context: CloudContext, mercury: MercuryHub): Hono {
  const app = new Hono();
  app.use('/calendar/ingest/*', async (c, next) => {
    const account = authenticateWebex(context, c.req.raw);
    if (account === null) return webexError(c, 401);
    return account.role === 'service-app' ? next() : webexError(c, 403);
  });
  app.put(PATH, async (c) => {
    const ids = idsOf(context, c);
    if (ids === null) return webexError(c, 404);
    if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) return webexError(c, 415);
    const text = await c.req.text();
    if (Buffer.byteLength(text) > MAX_BYTES) return webexError(c, 413);
    const delivery = DELIVERY.safeParse(parsed(text));
    if (!delivery.success) return webexError(c, 400, flawsOf(delivery.error));
    const { version, item } = delivery.data;
    if (item.id !== ids.meetingId) return webexError(c, 400, 'the id differs from the path');
    return answer(c, accept(context, mercury, { ...ids, version, item }));
  });
  app.delete(PATH, (c) => {
    const ids = idsOf(context, c);
    if (ids === null) return webexError(c, 404);
    const version = VERSION.safeParse(c.req.query('version'));
    if (!version.success) return webexError(c, 400, 'version is needed');
    return answer(c, accept(context, mercury, { ...ids, version: version.data, item: null }));
  });
  return app;
}

function answer(c: Context, outcome: Outcome): Response {
  return c.json(outcome, STATUS[outcome.outcome]);
}

function idsOf(context: CloudContext, c: Context): { userId: string; meetingId: string } | null {
  const account = accountOfUser(context, c.req.param('userId') ?? '');
  const meetingId = Buffer.from(c.req.param('id') ?? '', 'base64url').toString('utf8');
  return account === null || meetingId === '' ? null : { userId: account.userId, meetingId };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
