import { type Context, Hono } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import { endOfToken, refreshedToken, serviceAppKeys } from './service-app-token.ts';
import { webexError } from './webex-error.ts';
import { authenticateWebex } from './webex-token.ts';

/** People's tokens do not end here. */
const NEVER = Date.UTC(2100, 0);

/** New access tokens for the service app, and how long one lives (reference: webex.md 4.2). */
export function tokenRoutes(context: CloudContext): Hono {
  const app = new Hono();
  app.post('/v1/access_token', (c) => refresh(context, c));
  app.get('/v1/authorizations/tokenExpiry', (c) => {
    if (authenticateWebex(context, c.req.raw) === null) return webexError(c, 401);
    const token = (c.req.header('authorization') ?? '').replace(/^Bearer /i, '');
    return c.json({ exp: endOfToken(context, token) ?? NEVER });
  });
  return app;
}

async function refresh(context: CloudContext, c: Context): Promise<Response> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? ''))
    return webexError(c, 415);
  const form = new URLSearchParams(await c.req.text());
  if (form.get('grant_type') !== 'refresh_token') return webexError(c, 400, 'grant_type is refresh_token');
  const keys = serviceAppKeys(context);
  if (form.get('client_id') !== keys.clientId || form.get('client_secret') !== keys.clientSecret)
    return webexError(c, 401, 'client_id or client_secret is wrong');
  const isGood = form.get('refresh_token') === keys.refreshToken && keys.refreshEndsAt > context.clock.now();
  if (!isGood) return webexError(c, 400, 'the refresh token is not valid any more');
  context.tell({ where: 'webex', what: 'the service app gets a new access token' });
  return c.json(refreshedToken(context));
}
