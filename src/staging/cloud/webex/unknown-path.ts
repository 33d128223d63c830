import type { Hono } from 'hono';
import { webexError } from './webex-error.ts';

/** Refuses what no route took: 405 where the path is there with another method, else 404. Belongs behind all routes. */
export function refuseUnknown(app: Hono, prefixes: readonly string[]): void {
  const paths = app.routes.filter(({ method }) => method !== 'ALL').map(({ path }) => patternOf(path));
  for (const prefix of prefixes)
    app.all(`${prefix}/*`, (c) => webexError(c, paths.some((path) => path.test(c.req.path)) ? 405 : 404));
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`);
}
