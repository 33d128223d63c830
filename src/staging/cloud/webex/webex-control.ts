import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { effectTable, itemTable } from './item-store.ts';
import { schedulingControl } from './meetings/scheduling-control.ts';
import { presenceLog } from './presence-store.ts';
import { arrivalTable, reminderTable } from './reminder-store.ts';
import { endOfToken, endTokens, serviceAppKeys } from './service-app-token.ts';
import { FAULT, orderFault, takeFaultsBack } from './webex-faults.ts';

const SECONDS = z
  .number()
  .min(0)
  .max(400 * 86_400);
const TOKEN = z.strictObject({ accessEndsInS: SECONDS.optional(), refreshEndsInS: SECONDS.optional() });

/** What the simulated Webex holds and did, and misbehaviour on demand; CONTROL.md describes every call. */
export function webexControl(context: CloudContext): Hono {
  const app = new Hono();
  app.get('/control/webex/effects', (c) => c.json({ effects: effectTable(context).all() }));
  app.get('/control/webex/items', (c) => c.json({ items: itemTable(context).all() }));
  app.get('/control/webex/reminders', (c) =>
    c.json({ reminders: reminderTable(context).all(), arrivals: arrivalTable(context).all() }),
  );
  app.get('/control/webex/presence', (c) => c.json({ presence: presenceLog(context).all() }));
  app.post('/control/webex/faults', (c) => ordered(c, FAULT, (fault) => orderFault(context, fault)));
  app.delete('/control/webex/faults', (c) => {
    takeFaultsBack(context);
    return c.body(null, 204);
  });
  app.get('/control/webex/token', (c) => {
    const accessEndsAt = endOfToken(context, context.directory.serviceApp.token);
    return c.json({ ...serviceAppKeys(context), accessEndsAt });
  });
  app.put('/control/webex/token', (c) =>
    ordered(c, TOKEN, ({ accessEndsInS, refreshEndsInS }) => {
      const now = context.clock.now();
      endTokens(context, {
        ...(accessEndsInS === undefined ? {} : { access: now + accessEndsInS * 1000 }),
        ...(refreshEndsInS === undefined ? {} : { refresh: now + refreshEndsInS * 1000 }),
      });
    }),
  );
  app.route('/', schedulingControl(context));
  return app;
}

async function ordered<T>(c: Context, schema: z.ZodType<T>, obey: (order: T) => void): Promise<Response> {
  const order = schema.safeParse(await c.req.json().catch(() => null));
  if (!order.success) return c.json({ message: z.prettifyError(order.error) }, 400);
  obey(order.data);
  return c.json({});
}
