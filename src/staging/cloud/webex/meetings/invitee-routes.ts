import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../../cloud-context.ts';
import { page } from '../paging.ts';
import { flawsOf, jsonBody, webexError } from '../webex-error.ts';
import { type HeldMeeting, type Invitee, meetingTable } from './held-meeting.ts';
import { mail } from './make-meeting.ts';
import { hostOf } from './meeting-host.ts';
import { INVITEE } from './meeting-input.ts';
import { goesOn } from './occurrences.ts';

const PATH = '/v1/meetingInvitees';
const USUAL = 10;
const ID_SPACE = 10n ** 12n;

/** Body of POST /meetingInvitees/bulkInsert. */
const INVITATION = z.strictObject({
  meetingId: z.string(),
  hostEmail: z.string().optional(),
  items: z.array(INVITEE.extend({ sendEmail: z.boolean().default(true) })).max(100),
});

/** The Meeting Invitees API, for whole series: those of one occurrence are not simulated, and are not found. */
export function inviteeRoutes(context: CloudContext): Hono {
  const app = new Hono();
  app.get(PATH, (c) => list(context, c));
  app.post(`${PATH}/bulkInsert`, (c) => insert(context, c));
  app.delete(`${PATH}/:id`, (c) => remove(context, c));
  return app;
}

function list(context: CloudContext, c: Context): Response {
  const { meetingId, hostEmail } = c.req.query();
  if (meetingId === undefined) return webexError(c, 400, 'meetingId is missing');
  const meeting = meetingOf(context, c, meetingId, hostEmail);
  if (meeting instanceof Response) return meeting;
  const sorted = meeting.invitees.toSorted((a, b) => (a.email < b.email ? -1 : 1));
  return page(context, c, sorted, (one) => view(meeting, one), USUAL);
}

async function insert(context: CloudContext, c: Context): Promise<Response> {
  const body = await jsonBody(c, ['application/json']);
  if (body instanceof Response) return body;
  const parsed = INVITATION.safeParse(body.json);
  if (!parsed.success) return webexError(c, 400, flawsOf(parsed.error));
  const { meetingId, hostEmail, items } = parsed.data;
  const meeting = meetingOf(context, c, meetingId, hostEmail);
  if (meeting instanceof Response) return meeting;
  if (!goesOn(meeting, context.clock.now())) return webexError(c, 400, 'nobody is invited to what is over');
  const fresh = items.map(({ sendEmail: _sent, ...invitee }) => invitee);
  const known = new Set(meeting.invitees.map(({ email }) => email.toLowerCase()));
  if (fresh.some(({ email }) => known.has(email.toLowerCase())))
    return webexError(c, 409, 'Some users in the list have been invited.');
  meetingTable(context).put(meeting.id, { ...meeting, invitees: [...meeting.invitees, ...fresh] });
  for (const { sendEmail } of items) mail(context, meeting.id, 'changed', sendEmail);
  return c.json({ items: fresh.map((one) => view(meeting, one)) });
}

function remove(context: CloudContext, c: Context): Response {
  const { hostEmail, sendEmail } = c.req.query();
  const id = c.req.param('id') ?? '';
  const meeting = meetingOf(context, c, id.split('_')[0] ?? '', hostEmail);
  if (meeting instanceof Response) return meeting;
  const left = meeting.invitees.filter((one) => idOf(meeting, one) !== id);
  if (left.length === meeting.invitees.length) return webexError(c, 404);
  meetingTable(context).put(meeting.id, { ...meeting, invitees: left });
  mail(context, meeting.id, 'deleted', sendEmail === 'true');
  return c.body(null, 204);
}

function meetingOf(
  context: CloudContext,
  c: Context,
  id: string,
  hostEmail: string | undefined,
): HeldMeeting | Response {
  const call = hostOf(context, c, hostEmail);
  if (call instanceof Response) return call;
  const meeting = meetingTable(context).get(id);
  return meeting?.hostUserId === call.hostUserId ? meeting : webexError(c, 404);
}

function view(meeting: HeldMeeting, one: Invitee): object {
  const { email, displayName = email, coHost = false } = one;
  return { id: idOf(meeting, one), email, displayName, coHost, panelist: false, meetingId: meeting.id };
}

/** The id of the meeting and a number. */
function idOf({ id }: HeldMeeting, { email }: Invitee): string {
  const digest = createHash('sha256').update(email.toLowerCase()).digest('hex');
  return `${id}_${BigInt(`0x${digest}`) % ID_SPACE}`;
}
