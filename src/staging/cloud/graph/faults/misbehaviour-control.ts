import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../../cloud-context.ts';
import { graphState } from '../graph-state.ts';
import { setHabits } from '../mailbox-habits.ts';
import { findOwner, type Owner, ownersOf } from '../mailbox-owner.ts';
import { setProcessing } from '../room-processing.ts';
import { CONSENT, setConsent } from './consent.ts';
import { happen, LIFECYCLE, subscriptionsOf } from './lifecycle.ts';
import { isSilent, MAILBOX_STATE, type MailboxState, setMailboxState } from './mailbox-state.ts';
import { MISBEHAVIOUR } from './misbehaviour.ts';

const MAILBOX = z.string().min(1);
const SEED = z.strictObject({ seed: z.int() });
const STATE = MAILBOX_STATE.extend({ mailbox: MAILBOX });
const HABITS = z.strictObject({ mailbox: MAILBOX, keepsDeclined: z.boolean() });
const FLAG = z.boolean().default(true);
const ROOM = z.strictObject({
  mailbox: MAILBOX.optional(),
  deleteComments: FLAG,
  deleteSubject: FLAG,
  addOrganizerToSubject: FLAG,
  removePrivateProperty: FLAG,
});

/** Orders what is to go wrong; CONTROL.md describes every call. */
export function misbehaviourControl(context: CloudContext): Hono {
  const app = new Hono();
  const { misbehaviours, throttles } = graphState(context);
  app.get('/control/graph/misbehaviour', (c) =>
    c.json({ seed: misbehaviours.seed, orders: misbehaviours.all(), impatience: throttles.impatience() }),
  );
  app.post('/control/graph/misbehaviour', (c) =>
    ordered(c, MISBEHAVIOUR, (order) => {
      if (order.mailbox === undefined) return c.json({ id: misbehaviours.order(order) }, 201);
      const mailbox = findOwner(context, order.mailbox)?.guid;
      return mailbox === undefined
        ? unknown(c)
        : c.json({ id: misbehaviours.order({ ...order, mailbox }) }, 201);
    }),
  );
  app.delete('/control/graph/misbehaviour', (c) => {
    misbehaviours.clear();
    return c.body(null, 204);
  });
  app.delete('/control/graph/misbehaviour/:id', (c) =>
    c.body(null, misbehaviours.takeBack(c.req.param('id')) ? 204 : 404),
  );
  app.put('/control/graph/misbehaviour/seed', (c) =>
    ordered(c, SEED, ({ seed }) => {
      misbehaviours.seed = seed;
      return c.body(null, 204);
    }),
  );
  app.route('/', stateControl(context));
  return app;
}

function stateControl(context: CloudContext): Hono {
  const app = new Hono();
  app.put('/control/graph/mailbox-state', (c) =>
    ordered(c, STATE, ({ mailbox, ...state }) =>
      ofMailbox(context, c, mailbox, (owner) => changeState(context, owner, state)),
    ),
  );
  app.put('/control/graph/habits', (c) =>
    ordered(c, HABITS, ({ mailbox, ...habits }) =>
      ofMailbox(context, c, mailbox, ({ guid }) => setHabits(context, guid, habits)),
    ),
  );
  app.put('/control/graph/room', (c) =>
    ordered(c, ROOM, ({ mailbox, ...processing }) => {
      const rooms = ownersOf(context).filter(({ purpose }) => purpose === 'room');
      const asked = rooms.filter(
        ({ guid }) => mailbox === undefined || findOwner(context, mailbox)?.guid === guid,
      );
      for (const room of asked) setProcessing(context, room, processing);
      return asked.length === 0 ? unknown(c) : c.body(null, 204);
    }),
  );
  app.put('/control/graph/consent', (c) =>
    ordered(c, CONSENT, (consent) => {
      setConsent(context, consent);
      if (consent.withdrawn !== false && consent.subscriptions === 'removed') removeAll(context, undefined);
      return c.body(null, 204);
    }),
  );
  app.post('/control/graph/lifecycle', (c) => ordered(c, LIFECYCLE, (order) => lifecycle(context, c, order)));
  return app;
}

function changeState(context: CloudContext, { guid }: Owner, state: MailboxState): void {
  setMailboxState(context, guid, state);
  if (state.subscriptions === 'removed' && isSilent(state)) removeAll(context, guid);
}

function lifecycle(context: CloudContext, c: Context, order: z.infer<typeof LIFECYCLE>): Response {
  const mailbox = order.mailbox === undefined ? undefined : findOwner(context, order.mailbox)?.guid;
  if (order.mailbox !== undefined && mailbox === undefined) return unknown(c);
  const about = subscriptionsOf(context, { ...order, ...(mailbox === undefined ? {} : { mailbox }) });
  const counts = about.map((one) => happen(context, one, order.event, order.times));
  return c.json({ subscriptions: about.length, queued: counts.reduce((sum, count) => sum + count, 0) });
}

function removeAll(context: CloudContext, mailbox: string | undefined): void {
  const order = { event: 'subscriptionRemoved', app: 'appliance', times: 1 } as const;
  const about = subscriptionsOf(context, mailbox === undefined ? order : { ...order, mailbox });
  for (const one of about) happen(context, one, 'subscriptionRemoved', 1);
}

async function ordered<T>(c: Context, schema: z.ZodType<T>, obey: (order: T) => Response): Promise<Response> {
  const order = schema.safeParse(await c.req.json().catch(() => null));
  return order.success ? obey(order.data) : c.json({ error: z.prettifyError(order.error) }, 400);
}

function ofMailbox(context: CloudContext, c: Context, name: string, obey: (owner: Owner) => void): Response {
  const owner = findOwner(context, name);
  if (owner === null) return unknown(c);
  obey(owner);
  return c.body(null, 204);
}

function unknown(c: Context): Response {
  return c.json({ error: 'no such mailbox' }, 404);
}
