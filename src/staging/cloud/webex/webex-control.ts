import { Hono, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { effectTable, itemTable } from './item-store.ts';
import { webexError } from './webex-error.ts';

const FAULT = z.strictObject({
  path: z.string().default('/'),
  method: z.string().optional(),
  status: z.union([
    z.literal(401),
    z.literal(403),
    z.literal(423),
    z.literal(429),
    z.literal(500),
    z.literal(503),
  ]),
  retryAfter: z.string().optional(),
  times: z.int().min(1).default(1),
});
type Fault = z.infer<typeof FAULT>;

/** What the simulated Webex holds and did, and misbehaviour on demand. */
export function webexControl(context: CloudContext): Hono {
  const app = new Hono();
  app.get('/control/webex/effects', (c) => c.json({ effects: effectTable(context).all() }));
  app.get('/control/webex/items', (c) => c.json({ items: itemTable(context).all() }));
  app.post('/control/webex/faults', async (c) => {
    const fault = FAULT.safeParse(await c.req.json().catch(() => null));
    if (!fault.success)
      return c.json({ message: 'send {"path", "method", "status", "retryAfter", "times"}' }, 400);
    context.disk.table<Fault>('webex-fault').put('fault', fault.data);
    return c.json({});
  });
  return app;
}

/** Answers the next matching requests with the ordered fault; `path` is the beginning of the path. */
export function webexFaults(context: CloudContext): MiddlewareHandler {
  const table = context.disk.table<Fault>('webex-fault');
  return async (c, next) => {
    const fault = table.get('fault');
    const hit =
      fault !== undefined &&
      c.req.path.startsWith(fault.path) &&
      (fault.method ?? c.req.method) === c.req.method;
    if (!hit || c.req.path.startsWith('/control/')) return next();
    if (fault.times > 1) table.put('fault', { ...fault, times: fault.times - 1 });
    else table.delete('fault');
    if (fault.retryAfter !== undefined) c.header('Retry-After', fault.retryAfter);
    return webexError(c, fault.status);
  };
}
