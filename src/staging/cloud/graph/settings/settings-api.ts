import { type Context, Hono } from 'hono';
import type { CloudContext } from '../../cloud-context.ts';
import { jsonText, queryOf, requireApp } from '../graph-call.ts';
import { GraphRefusal } from '../graph-refusal.ts';
import { type Owner, requireOwner } from '../mailbox-owner.ts';
import { type MailboxSettings, putSettings, settingsOf } from './settings.ts';
import { writtenSettings } from './settings-input.ts';

const BASE = '/v1.0/users/:u/mailboxSettings';

/** Settings of a mailbox, whole, by `$select` and by sub-path; nothing notifies of their changes (reference: graph.md 6). */
export function settingsRoutes(context: CloudContext): Hono {
  const app = new Hono();
  app.get(BASE, (c) => read(context, c));
  app.get(`${BASE}/:member`, (c) => readMember(context, c));
  app.patch(BASE, async (c) => await write(context, c));
  return app;
}

function read(context: CloudContext, c: Context): Response {
  const owner = readableOwner(context, c);
  const settings = settingsOf(context, owner);
  const select = queryOf(c).get('$select');
  const wanted = new Set(select?.split(',').map((name) => name.trim()));
  const shown = select === null ? settings : only(settings, wanted);
  // The GUID in here is how an application learns it (reference: graph.md 1.1).
  return c.json({ '@odata.context': contextOf(context, owner), ...shown });
}

function readMember(context: CloudContext, c: Context): Response {
  const owner = readableOwner(context, c);
  const name = c.req.param('member') ?? '';
  const [value] = Object.values(only(settingsOf(context, owner), new Set([name])));
  if (value === undefined)
    throw new GraphRefusal(404, 'ResourceNotFound', 'Resource not found for the segment.');
  const members = typeof value === 'object' ? value : { value };
  return c.json({ '@odata.context': `${contextOf(context, owner)}/${name}`, ...members });
}

async function write(context: CloudContext, c: Context): Promise<Response> {
  requireApp(context, c, 'MailboxSettings.ReadWrite');
  const owner = requireOwner(context, c.req.param('u') ?? '');
  const text = await jsonText(c);
  const before = settingsOf(context, owner);
  const written = writtenSettings(before, text);
  putSettings(context, owner, { ...before, ...written });
  context.tell({ where: 'graph', what: `${owner.name} changes mailbox settings` });
  // Only what was written comes back.
  return c.json({ '@odata.context': contextOf(context, owner), ...written });
}

function readableOwner(context: CloudContext, c: Context): Owner {
  requireApp(context, c, 'MailboxSettings.Read', 'MailboxSettings.ReadWrite');
  return requireOwner(context, c.req.param('u') ?? '');
}

function only(settings: MailboxSettings, names: ReadonlySet<string>): Partial<MailboxSettings> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => names.has(name)));
}

function contextOf(context: CloudContext, { guid }: Owner): string {
  return `${context.baseUrl}/v1.0/$metadata#users('${guid}')/mailboxSettings`;
}
