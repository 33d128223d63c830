import { Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { DISORDER } from './disorder.ts';
import { notify } from './event-change.ts';
import { misbehaviourControl } from './faults/misbehaviour-control.ts';
import { GRAPH_FAULT } from './graph-faults.ts';
import { graphState } from './graph-state.ts';
import { writesOf } from './graph-writes.ts';
import { findOwner } from './mailbox-owner.ts';
import { MANGLE, mangle } from './mangled-events.ts';

const RENOTIFY = z.strictObject({
  /** GUID or address. */
  mailbox: z.string(),
  eventId: z.string(),
  times: z.int().min(1).max(1000).default(1),
});

/** What tests and the control page ask of the simulated Graph; no part of the real one. */
export function graphControl(context: CloudContext): Hono {
  const app = new Hono();
  const { faults, events, asked } = graphState(context);
  app.route('/', notificationControl(context));
  app.get('/control/graph/writes', (c) => c.json(writesOf(context)));
  app.get('/control/graph/operations', (c) => c.json(asked.all()));
  app.post('/control/graph/faults', async (c) => {
    const fault = GRAPH_FAULT.safeParse(await c.req.json().catch(() => null));
    if (!fault.success) return c.json({ error: z.prettifyError(fault.error) }, 400);
    faults.order(fault.data);
    return c.body(null, 204);
  });
  app.delete('/control/graph/faults', (c) => {
    faults.clear();
    return c.body(null, 204);
  });
  app.post('/control/graph/renotify', async (c) => {
    const asked = RENOTIFY.safeParse(await c.req.json().catch(() => null));
    if (!asked.success) return c.json({ error: z.prettifyError(asked.error) }, 400);
    const { mailbox, eventId, times } = asked.data;
    const stored = events.get(findOwner(context, mailbox)?.guid ?? '', eventId);
    if (stored === undefined) return c.json({ error: 'no such event in that mailbox' }, 404);
    const queueAll = (): number[] => Array.from({ length: times }, () => notify(context, stored, 'updated'));
    const queued = context.disk.transaction(queueAll).reduce((sum, count) => sum + count, 0);
    return c.json({ queued });
  });
  app.post('/control/graph/mangle', async (c) => {
    const asked = MANGLE.safeParse(await c.req.json().catch(() => null));
    if (!asked.success) return c.json({ error: z.prettifyError(asked.error) }, 400);
    const { mailbox, eventId, mangled } = asked.data;
    const stored = events.get(findOwner(context, mailbox)?.guid ?? '', eventId);
    if (stored === undefined) return c.json({ error: 'no such event in that mailbox' }, 404);
    mangle(context, stored, mangled);
    return c.body(null, 204);
  });
  app.route('/', misbehaviourControl(context));
  return app;
}

/**
 * `GET /control/graph/notifications` tells how many `waiting` ones no subscriber has taken yet, and the last `acknowledged` ones
 * (each `{at, url, item}`, oldest first). `POST /control/graph/disorder` with `{"duplicate": 0.05, "reorder": 0.05}` has these shares of the
 * notifications to come told twice, or held back for up to two seconds so that later ones overtake them; zeros restore order.
 * `GET` tells what is set. It is kept over a restart.
 */
function notificationControl(context: CloudContext): Hono {
  const app = new Hono();
  const { notifier } = graphState(context);
  app.get('/control/graph/notifications', (c) =>
    c.json({ waiting: notifier.backlog, acknowledged: notifier.acknowledged() }),
  );
  app.get('/control/graph/disorder', (c) => c.json(notifier.disorder));
  app.post('/control/graph/disorder', async (c) => {
    const shares = DISORDER.safeParse(await c.req.json().catch(() => null));
    if (!shares.success) return c.json({ error: z.prettifyError(shares.error) }, 400);
    notifier.disorder = shares.data;
    return c.body(null, 204);
  });
  return app;
}
