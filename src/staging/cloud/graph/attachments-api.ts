import { randomBytes } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { saveEvent } from './event-change.ts';
import { readObject } from './event-input.ts';
import { jsonText } from './graph-call.ts';
import { invalid, notSimulated } from './graph-refusal.ts';
import { noteWrite } from './graph-writes.ts';
import { invite } from './invitations.ts';
import { mailboxReader, mailboxWriter } from './mailbox-call.ts';
import { requireEvent } from './series/find-event.ts';
import { timestamp } from './time-zone.ts';

/** A file that hangs on an event, as Graph answers it. */
interface FileAttachment {
  readonly '@odata.type': '#microsoft.graph.fileAttachment';
  readonly id: string;
  readonly lastModifiedDateTime: string;
  readonly name: string;
  readonly contentType: string | null;
  readonly size: number;
  readonly isInline: boolean;
  readonly contentBytes: string;
}
interface Held {
  /** Of the meeting it hangs on: all copies show it. */
  readonly iCalUId: string;
  readonly attachment: FileAttachment;
}

const FILE = z.strictObject({
  '@odata.type': z.literal('#microsoft.graph.fileAttachment'),
  name: z.string().min(1),
  contentType: z.string().nullish(),
  isInline: z.boolean().default(false),
  contentBytes: z.base64(),
});

/** Files of up to 3 MB, what one request holds, that organisers attach to events of the default calendar; attendees' copies have them too. */
export function attachmentRoutes(context: CloudContext): Hono {
  const app = new Hono();
  for (const base of ['/v1.0/users/:u/events', '/v1.0/users/:u/calendar/events'] as const) {
    app.get(`${base}/:e/attachments`, (c) => list(context, c));
    app.post(`${base}/:e/attachments`, async (c) => await attach(context, c));
  }
  return app;
}

function list(context: CloudContext, c: Context): Response {
  const { event } = requireEvent(context, mailboxReader(context, c).mailbox, c.req.param('e') ?? '');
  const held = attachmentTable(context).all();
  const value = held.flatMap(({ iCalUId, attachment }) => (iCalUId === event.iCalUId ? [attachment] : []));
  return c.json({ value });
}

async function attach(context: CloudContext, c: Context): Promise<Response> {
  const { app, owner } = mailboxWriter(context, c);
  const text = await jsonText(c);
  const stored = requireEvent(context, owner.guid, c.req.param('e') ?? '');
  const { seriesMasterId, isOrganizer, iCalUId, id: eventId } = stored.event;
  if (seriesMasterId !== null || !isOrganizer)
    throw notSimulated("attachments of one occurrence or of an attendee's copy");
  const attachment = readFile(context, text);
  context.disk.transaction(() => {
    attachmentTable(context).put(attachment.id, { iCalUId, attachment });
    const event = { ...stored.event, hasAttachments: true };
    const saved = saveEvent(context, { ...stored, event }, 'updated');
    noteWrite(context, app, { method: 'POST', mailbox: owner.guid, eventId });
    invite(context, saved, stored);
  });
  return c.json(attachment, 201);
}

function readFile(context: CloudContext, text: string): FileAttachment {
  const parsed = FILE.safeParse(readObject(text));
  if (!parsed.success) throw invalid('ErrorInvalidRequest', 'The attachment is not a valid file attachment.');
  const { contentType = null, contentBytes, ...file } = parsed.data;
  const size = Buffer.from(contentBytes, 'base64').length;
  const id = randomBytes(96).toString('base64url');
  const lastModifiedDateTime = timestamp(context.clock.now());
  return { ...file, id, lastModifiedDateTime, contentType, size, contentBytes };
}

function attachmentTable(context: CloudContext) {
  return context.disk.table<Held>('graph-attachments');
}
