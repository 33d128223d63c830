import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MiddlewareHandler } from 'hono';

const WATCHED = /^\/(?:calendar|apheleia|v1|kms)(?:\/|$)/;

/**
 * Appends every request that reaches the simulated Webex and KMS to `<directory>/webex-wire.jsonl`, one JSON object a line:
 * method, path with query, headers without the token, body as text. Tests search it for what must never leave the box in clear.
 */
export function recordWire(directory: string): MiddlewareHandler {
  const file = join(directory, 'webex-wire.jsonl');
  return async (c, next) => {
    const { pathname, search } = new URL(c.req.url);
    if (WATCHED.test(pathname)) {
      const { authorization: _secret, ...headers } = c.req.header();
      // A copy: the service behind still has to read the body itself.
      const body = await c.req.raw.clone().text();
      // Written before the service acts, so that nothing can take effect unrecorded.
      const line = JSON.stringify({ method: c.req.method, path: pathname + search, headers, body });
      appendFileSync(file, `${line}\n`, { mode: 0o600 });
    }
    await next();
  };
}
