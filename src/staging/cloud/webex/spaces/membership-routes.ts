import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../../cloud-context.ts';
import type { Person } from '../../directory.ts';
import { page } from '../paging.ts';
import { personAt, personOf } from '../person-index.ts';
import { publicId, uuidOf } from '../public-id.ts';
import { flawsOf, jsonBody, webexError } from '../webex-error.ts';
import { authenticateWebex } from '../webex-token.ts';
import {
  type HeldMembership,
  membershipKey,
  membershipOf,
  membershipTable,
  roomOfMember,
} from './space-table.ts';

const NEW_MEMBERSHIP = z
  .strictObject({
    roomId: z.string(),
    personId: z.string().optional(),
    personEmail: z.string().optional(),
    isModerator: z.boolean().default(false),
  })
  .refine(
    ({ personId, personEmail }) => (personId === undefined) !== (personEmail === undefined),
    'one of personId and personEmail',
  );

/** Who is in which space (reference: webex.md 4.5). */
export function membershipRoutes(context: CloudContext): Hono {
  const app = new Hono();
  app.post('/v1/memberships', (c) => add(context, c));
  app.get('/v1/memberships', (c) => list(context, c));
  app.delete('/v1/memberships/:id', (c) => {
    const membership = membershipAt(context, c.req.param('id'));
    const isInside = membership !== undefined && isMember(context, c, membership.roomId);
    if (membership === undefined || !isInside) return webexError(c, 404);
    membershipTable(context).delete(membershipKey(membership.roomId, membership.userId));
    return c.body(null, 204);
  });
  return app;
}

async function add(context: CloudContext, c: Context): Promise<Response> {
  const body = await jsonBody(c, ['application/json']);
  if (body instanceof Response) return body;
  const asked = NEW_MEMBERSHIP.safeParse(body.json);
  if (!asked.success) return webexError(c, 400, flawsOf(asked.error));
  const { personId, personEmail, isModerator } = asked.data;
  const room = roomOfMember(context, callerOf(context, c), asked.data.roomId);
  const person = personNamed(context, personId, personEmail);
  if (room === null || person === undefined) return webexError(c, 404);
  const userId = person.webexUserId;
  if (membershipOf(context, room.id, userId) !== undefined)
    return webexError(c, 409, 'the person is in the room already');
  const made = { roomId: room.id, userId, isModerator, created: context.clock.now() };
  membershipTable(context).put(membershipKey(room.id, userId), made);
  return c.json(view(context, made));
}

function list(context: CloudContext, c: Context): Response {
  const { roomId, personId, personEmail } = c.req.query();
  const wanted = personId ?? personEmail;
  const person = personNamed(context, personId, personEmail);
  if (wanted !== undefined && person === undefined) return webexError(c, 404);
  const room = roomId === undefined ? null : uuidOf('ROOM', roomId);
  if (roomId !== undefined && (room === null || !isMember(context, c, room))) return webexError(c, 404);
  const own = wanted === undefined && roomId === undefined ? callerOf(context, c) : person?.webexUserId;
  const found = membershipTable(context)
    .all()
    .filter(
      (one) => (roomId === undefined || one.roomId === room) && (own === undefined || one.userId === own),
    )
    .filter((one) => isMember(context, c, one.roomId));
  return page(context, c, found, (one) => view(context, one));
}

function personNamed(
  context: CloudContext,
  id: string | undefined,
  email: string | undefined,
): Person | undefined {
  if (id !== undefined) return personOf(context, uuidOf('PEOPLE', id) ?? '');
  return email === undefined ? undefined : personAt(context, email);
}

function membershipAt(context: CloudContext, id: string): HeldMembership | undefined {
  return membershipTable(context).get(uuidOf('MEMBERSHIP', id) ?? '');
}

function isMember(context: CloudContext, c: Context, roomId: string): boolean {
  return membershipOf(context, roomId, callerOf(context, c)) !== undefined;
}

/** Only reached with a token: the REST API's own guard stands before it. */
function callerOf(context: CloudContext, c: Context): string {
  return authenticateWebex(context, c.req.raw)?.userId ?? '';
}

function view(context: CloudContext, { roomId, userId, isModerator, created }: HeldMembership): object {
  const person = personOf(context, userId);
  return {
    id: publicId('MEMBERSHIP', membershipKey(roomId, userId)),
    roomId: publicId('ROOM', roomId),
    personId: publicId('PEOPLE', userId),
    personEmail: person?.address ?? `service-app@${context.directory.site}`,
    personDisplayName: person?.name ?? 'the service app',
    personOrgId: publicId('ORGANIZATION', context.directory.orgId),
    isModerator,
    isMonitor: false,
    roomType: 'group',
    created: new Date(created).toISOString(),
  };
}
