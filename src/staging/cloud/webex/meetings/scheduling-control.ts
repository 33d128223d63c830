import { Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../../cloud-context.ts';
import { personAt } from '../person-index.ts';
import { roomNameTable } from '../room-name.ts';
import { deleteRoom, membershipTable, roomTable } from '../spaces/space-table.ts';
import { type HeldMeeting, mailTable, meetingTable } from './held-meeting.ts';
import { makeMeeting } from './make-meeting.ts';
import { SCHEDULING, schedulingOf, schedulingTable } from './meeting-limits.ts';

const HOUR_MS = 3_600_000;
const ROOM_NAME = z.strictObject({ address: z.string(), name: z.string().regex(/^[\w.-]{1,64}$/) });

/** What was arranged in the simulated Webex, and what people there do to it; CONTROL.md describes every call. */
export function schedulingControl(context: CloudContext): Hono {
  const app = new Hono();
  app.get('/control/webex/meetings', (c) => c.json({ meetings: meetingTable(context).all() }));
  app.get('/control/webex/mails', (c) => c.json({ mails: mailTable(context).all() }));
  app.get('/control/webex/rooms', (c) => c.json({ rooms: roomTable(context).all() }));
  app.get('/control/webex/memberships', (c) => c.json({ memberships: membershipTable(context).all() }));
  app.delete('/control/webex/meetings/:id', (c) => {
    const meeting = meetingTable(context).get(c.req.param('id'));
    if (meeting === undefined) return c.body(null, 404);
    meetingTable(context).delete(meeting.id);
    if (c.req.query('recycle') === 'true') recycleNumber(context, meeting);
    return c.body(null, 204);
  });
  app.delete('/control/webex/rooms/:id', (c) => {
    if (roomTable(context).get(c.req.param('id')) === undefined) return c.body(null, 404);
    deleteRoom(context, c.req.param('id'));
    return c.body(null, 204);
  });
  app.put('/control/webex/personal-room', async (c) => {
    const order = ROOM_NAME.safeParse(await c.req.json().catch(() => null));
    if (!order.success) return c.json({ message: 'send {"address", "name"}' }, 400);
    const person = personAt(context, order.data.address);
    if (person === undefined) return c.body(null, 404);
    roomNameTable(context).put(person.webexUserId, order.data.name);
    return c.body(null, 204);
  });
  app.get('/control/webex/scheduling', (c) => c.json(schedulingOf(context)));
  app.put('/control/webex/scheduling', async (c) => {
    const order = SCHEDULING.safeParse(await c.req.json().catch(() => null));
    if (!order.success) return c.json({ message: z.prettifyError(order.error) }, 400);
    schedulingTable(context).put('scheduling', order.data);
    return c.body(null, 204);
  });
  return app;
}

/** Somebody else, who is not the host, gets the number of a meeting that is gone. */
function recycleNumber(context: CloudContext, gone: HeldMeeting): void {
  const host = context.directory.people.find(({ webexUserId }) => webexUserId !== gone.hostUserId);
  const hostUserId = host?.webexUserId ?? gone.hostUserId;
  const call = { callerId: hostUserId, hostUserId, isAdmin: false };
  const start = Math.max(gone.start, context.clock.now() + HOUR_MS);
  const input = { title: 'Something else', start: '', end: '', sendEmail: false };
  const made = makeMeeting(context, call, input, { start, end: start + HOUR_MS, roomId: null });
  meetingTable(context).put(made.id, { ...made, meetingNumber: gone.meetingNumber });
}
