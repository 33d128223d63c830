import type { Context } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import type { Actor } from './calendar.ts';
import type { Reader } from './faults/reading.ts';
import { requireApp } from './graph-call.ts';
import { appName } from './graph-writes.ts';
import { requireOwner } from './mailbox-owner.ts';

/** Who reads the calendar of the mailbox in the path. Refuses without the right and without the mailbox. */
export function mailboxReader(context: CloudContext, c: Context): Reader {
  const app = requireApp(context, c, 'Calendars.Read', 'Calendars.ReadWrite');
  return { app: appName(context, app), mailbox: requireOwner(context, c.req.param('u') ?? '').guid };
}

/** Who writes into it. */
export function mailboxWriter(context: CloudContext, c: Context): Actor {
  const app = requireApp(context, c, 'Calendars.ReadWrite');
  return { app, owner: requireOwner(context, c.req.param('u') ?? '') };
}

/** What a writer gets to read. */
export function readerOf(context: CloudContext, { app, owner }: Actor): Reader {
  return { app: appName(context, app), mailbox: owner.guid };
}
