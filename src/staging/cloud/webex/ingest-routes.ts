import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { ingestIds, readDelivery, STATUS, VERSION } from './ingest-request.ts';
import { accept, type Outcome } from './item-store.ts';
import { MEETING_ITEM } from './meeting-item.ts';
import type { MercuryHub } from './mercury-hub.ts';
import { webexError } from './webex-error.ts';
import { authenticateWebex } from './webex-token.ts';

const PATH = '/calendar/ingest/v1/users/:userId/meetings/:id';
const DELIVERY = z.strictObject({ version: z.int().min(1), item: MEETING_ITEM });

/** The ingest profile: the connector's side of the calendar service (design D7). */
export function ingestRoutes(context: CloudContext, mercury: MercuryHub): Hono {
  const app = new Hono();
  app.use('/calendar/ingest/*', async (c, next) => {
    const account = authenticateWebex(context, c.req.raw);
    if (account === null) return webexError(c, 401);
    return account.role === 'service-app' ? next() : webexError(c, 403);
  });
  app.put(PATH, async (c) => {
    const ids = ingestIds(context, c);
    if (ids === null) return webexError(c, 404);
    const delivery = await readDelivery(c, DELIVERY);
    if (delivery instanceof Response) return delivery;
    const { version, item } = delivery;
    if (item.id !== ids.meetingId) return webexError(c, 400, 'the id differs from the path');
    return answer(c, accept(context, mercury, { ...ids, version, item }));
  });
  app.delete(PATH, (c) => {
    const ids = ingestIds(context, c);
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
