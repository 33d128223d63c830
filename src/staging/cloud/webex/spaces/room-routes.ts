import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../../cloud-context.ts';
import { page } from '../paging.ts';
import { publicId } from '../public-id.ts';
import { flawsOf, jsonBody, webexError } from '../webex-error.ts';
import { authenticateWebex } from '../webex-token.ts';
import {
  deleteRoom,
  type HeldRoom,
  membershipKey,
  membershipOf,
  membershipTable,
  roomOfMember,
  roomTable,
} from './space-table.ts';

const NEW_ROOM = z
  .strictObject({
    title: z.string().min(1),
    description: z.string().optional(),
    isLocked: z.boolean().default(false),
    isPublic: z.boolean().default(false),
    isAnnouncementOnly: z.boolean().default(false),
  })
  .refine(({ isPublic, description }) => !isPublic || description !== undefined, 'public rooms are described')
  .refine(({ isLocked, isAnnouncementOnly }) => isLocked || !isAnnouncementOnly, 'announcements need a lock');

const SORTED: Readonly<Record<string, (a: HeldRoom, b: HeldRoom) => number>> = {
  id: (a, b) => (a.id < b.id ? -1 : 1),
  lastactivity: (a, b) => b.created - a.created,
  created: (a, b) => b.created - a.created,
};

/** Group spaces (reference: webex.md 4.5). Everybody sees those that they are in. */
export function roomRoutes(context: CloudContext): Hono {
  const app = new Hono();
  app.post('/v1/rooms', (c) => make(context, c));
  app.get('/v1/rooms', (c) => list(context, c));
  app.get('/v1/rooms/:id', (c) => {
    const room = roomOfMember(context, callerOf(context, c), c.req.param('id'));
    return room === null ? webexError(c, 404) : c.json(view(context, room));
  });
  app.delete('/v1/rooms/:id', (c) => {
    const caller = callerOf(context, c);
    const room = roomOfMember(context, caller, c.req.param('id'));
    if (room === null) return webexError(c, 404);
    if (room.isLocked && membershipOf(context, room.id, caller)?.isModerator !== true)
      return webexError(c, 403);
    deleteRoom(context, room.id);
    context.tell({ where: 'webex', what: 'a space is deleted' });
    return c.body(null, 204);
  });
  return app;
}

async function make(context: CloudContext, c: Context): Promise<Response> {
  const body = await jsonBody(c, ['application/json']);
  if (body instanceof Response) return body;
  const asked = NEW_ROOM.safeParse(body.json);
  if (!asked.success) return webexError(c, 400, flawsOf(asked.error));
  const { description = null, ...flags } = asked.data;
  const creatorId = callerOf(context, c);
  const created = context.clock.now();
  const room: HeldRoom = { id: randomUUID(), ...flags, description, creatorId, created };
  context.disk.transaction(() => {
    roomTable(context).put(room.id, room);
    const own = { roomId: room.id, userId: creatorId, isModerator: room.isLocked, created };
    membershipTable(context).put(membershipKey(room.id, creatorId), own);
  });
  context.tell({ where: 'webex', what: 'a space is made' });
  return c.json(view(context, room));
}

function list(context: CloudContext, c: Context): Response {
  const { type = 'group', sortBy = 'lastactivity' } = c.req.query();
  const order = SORTED[sortBy];
  if (order === undefined || !['group', 'direct'].includes(type))
    return webexError(c, 400, 'type is group or direct, sortBy is id, lastactivity or created');
  const caller = callerOf(context, c);
  // Of two that were made in the same instant the later one counts as newer.
  const rooms = type === 'direct' ? [] : roomTable(context).all().toReversed();
  const own = rooms.filter(({ id }) => membershipOf(context, id, caller) !== undefined);
  return page(context, c, own.toSorted(order), (room) => view(context, room));
}

/** Only reached with a token: the REST API's own guard stands before it. */
function callerOf(context: CloudContext, c: Context): string {
  return authenticateWebex(context, c.req.raw)?.userId ?? '';
}

function view(context: CloudContext, room: HeldRoom): object {
  const created = new Date(room.created).toISOString();
  const { title, isLocked, isPublic, isAnnouncementOnly, description } = room;
  return {
    id: publicId('ROOM', room.id),
    title,
    type: 'group',
    isLocked,
    isPublic,
    isAnnouncementOnly,
    isReadOnly: false,
    ...(description === null ? {} : { description }),
    lastActivity: created,
    creatorId: publicId('PEOPLE', room.creatorId),
    created,
    ownerId: publicId('ORGANIZATION', context.directory.orgId),
  };
}
