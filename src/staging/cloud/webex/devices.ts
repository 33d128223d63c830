import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { deviceTable, deviceUrl, type WebexDevice } from './device-table.ts';
import type { MercuryHub } from './mercury-hub.ts';
import { deviceServices } from './service-catalogue.ts';
import { webexError } from './webex-error.ts';
import { authenticateWebex } from './webex-token.ts';

const TEXT = z.string().min(1).max(200);
const DESCRIPTION = z.object({
  deviceName: TEXT,
  deviceType: z.enum(['WEB', 'DESKTOP']),
  localizedModel: TEXT.optional(),
  model: TEXT.optional(),
  name: TEXT.optional(),
  systemName: TEXT.optional(),
  systemVersion: TEXT.optional(),
});

/** Device registration (WDM): create, refresh and remove. Everything is kept on the cloud's disk. */
export function deviceRoutes(context: CloudContext, mercury: MercuryHub): Hono {
  const app = new Hono();
  app.post('/wdm/api/v1/devices', (c) => register(context, c));
  app.put('/wdm/api/v1/devices/:id', (c) => refresh(context, c, c.req.param('id')));
  app.delete('/wdm/api/v1/devices/:id', (c) => unregister(context, mercury, c, c.req.param('id')));
  return app;
}

async function register(context: CloudContext, c: Context): Promise<Response> {
  const account = authenticateWebex(context, c.req.raw);
  if (account === null) return webexError(c, 401);
  const description = await readDescription(c);
  if (description === null) return webexError(c, 400, 'deviceName and deviceType are required.');
  const device: WebexDevice = { id: randomUUID(), userId: account.userId, description };
  deviceTable(context).put(device.id, device);
  return c.json(view(context, device));
}

async function refresh(context: CloudContext, c: Context, id: string): Promise<Response> {
  const device = ownDevice(context, c, id);
  if (device instanceof Response) return device;
  const description = await readDescription(c);
  if (description === null) return webexError(c, 400, 'deviceName and deviceType are required.');
  const refreshed: WebexDevice = { ...device, description };
  deviceTable(context).put(id, refreshed);
  return c.json(view(context, refreshed));
}

function unregister(context: CloudContext, mercury: MercuryHub, c: Context, id: string): Response {
  const device = ownDevice(context, c, id);
  if (device instanceof Response) return device;
  deviceTable(context).delete(id);
  mercury.disconnect(id);
  return c.body(null, 204);
}

function ownDevice(context: CloudContext, c: Context, id: string): WebexDevice | Response {
  const account = authenticateWebex(context, c.req.raw);
  if (account === null) return webexError(c, 401);
  const device = deviceTable(context).get(id);
  if (device === undefined) return webexError(c, 404);
  return device.userId === account.userId ? device : webexError(c, 403);
}

async function readDescription(c: Context): Promise<z.infer<typeof DESCRIPTION> | null> {
  const body: unknown = await c.req.json().catch(() => null);
  return DESCRIPTION.safeParse(body).data ?? null;
}

function view(context: CloudContext, device: WebexDevice): object {
  return {
    ...device.description,
    url: deviceUrl(context, device.id),
    webSocketUrl: `${context.baseUrl.replace(/^http/, 'ws')}/mercury/${device.id}`,
    userId: device.userId,
    services: deviceServices(context),
  };
}
