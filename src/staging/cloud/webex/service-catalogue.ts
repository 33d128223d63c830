import { Hono } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import { webexError } from './webex-error.ts';
import { authenticateWebex } from './webex-token.ts';

const PATHS = {
  encryption: '',
  calendar: '/calendar/api/v1',
  wdm: '/wdm/api/v1',
  hydra: '/v1',
} as const;

/** The catalogue in which Webex apps look up where their services are (reference: webex.md 1.9). */
export function catalogueRoutes(context: CloudContext): Hono {
  const app = new Hono();
  app.get('/u2c/api/v1/catalog', (c) => {
    if (authenticateWebex(context, c.req.raw) === null) return webexError(c, 401);
    if (c.req.query('format') !== 'hostmap') return webexError(c, 400, 'format is hostmap');
    const { host } = new URL(context.baseUrl);
    const only = { host, ttl: -1, priority: 1, id: 'urn:TEAM:us-east-2_a:simulated' };
    return c.json({ serviceLinks: serviceLinks(context), hostCatalog: { [host]: [only] } });
  });
  return app;
}

/** The services as a registered device is told them. */
export function deviceServices(context: CloudContext): Readonly<Record<string, string>> {
  const named = Object.entries(serviceLinks(context));
  return Object.fromEntries(named.map(([name, url]) => [`${name}ServiceUrl`, url]));
}

function serviceLinks(context: CloudContext): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(PATHS).map(([name, path]) => [name, context.baseUrl + path]));
}
