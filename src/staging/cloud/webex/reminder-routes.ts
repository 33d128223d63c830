import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { type IngestIds, ingestIds, readDelivery, STATUS, VERSION } from './ingest-request.ts';
import type { MercuryHub } from './mercury-hub.ts';
import { REMINDER_ITEM, type ReminderItem } from './reminder-item.ts';
import { acceptReminder } from './reminder-store.ts';
import { webexError } from './webex-error.ts';
import { accountOfUser } from './webex-token.ts';

const PATH = '/calendar/ingest/v1/users/:userId/reminders/:id';
const DELIVERY = z.strictObject({ version: z.int().min(1), reminder: REMINDER_ITEM });
const WORDS = { created: 'shows', updated: 'changes', withdrawn: 'loses' } as const;
const EVENTS = { created: 'create', updated: 'update', withdrawn: 'delete' } as const;

/** Join notifications, told through the ingest profile. Only reached by the service app: the profile's own guard stands before it. */
export function reminderRoutes(context: CloudContext, mercury: MercuryHub): Hono {
  const app = new Hono();
  app.put(PATH, async (c) => {
    const ids = ingestIds(context, c);
    if (ids === null) return webexError(c, 404);
    const delivery = await readDelivery(c, DELIVERY);
    if (delivery instanceof Response) return delivery;
    const { version, reminder } = delivery;
    if (reminder.id !== ids.meetingId) return webexError(c, 400, 'the id differs from the path');
    return take(context, mercury, c, { ...ids, version, reminder });
  });
  app.delete(PATH, (c) => {
    const ids = ingestIds(context, c);
    if (ids === null) return webexError(c, 404);
    const version = VERSION.safeParse(c.req.query('version'));
    if (!version.success) return webexError(c, 400, 'version is needed');
    return take(context, mercury, c, { ...ids, version: version.data, reminder: null });
  });
  return app;
}

type Told = IngestIds & { readonly version: number; readonly reminder: ReminderItem | null };

function take(context: CloudContext, mercury: MercuryHub, c: Context, told: Told): Response {
  const taken = acceptReminder(context, told);
  if (taken.outcome === 'fenced') return c.json(taken, STATUS.fenced);
  const { outcome, wasShown } = taken;
  const { userId, meetingId, reminder } = told;
  if (reminder !== null || wasShown) {
    const calendarReminderExternal = reminder ?? { id: meetingId };
    mercury.push(userId, { eventType: `calendar.reminder.${EVENTS[outcome]}`, calendarReminderExternal });
    const name = accountOfUser(context, userId)?.name ?? userId;
    context.tell({ where: 'webex', what: `${name} ${WORDS[outcome]} the Join button of a sealed meeting` });
  }
  return c.json({ outcome }, STATUS[outcome]);
}
