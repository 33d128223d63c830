import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MiddlewareHandler } from 'hono';

/**
 * Appends every request that is watched to a file, one JSON object a line: method, path with query, headers without the token, body
 * as text. Tests search it for what must never leave the box in clear.
 */
function record(file: string, isWatched: (request: Request, path: string) => boolean): MiddlewareHandler {
  return async (c, next) => {
    const { pathname, search } = new URL(c.req.url);
    if (isWatched(c.req.raw, pathname)) {
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

const WEBEX = /^\/(?:calendar|apheleia|v1|kms)(?:\/|$)/;

/** What reaches the simulated Webex and KMS, in `<directory>/webex-wire.jsonl`. */
export function recordWebex(directory: string): MiddlewareHandler {
  return record(join(directory, 'webex-wire.jsonl'), (_, path) => WEBEX.test(path));
}

/** What reaches the simulated Graph, in `<directory>/graph-wire.jsonl`, but for the requests of people's calendar clients. */
export function recordGraph(directory: string, isPeoples: (request: Request) => boolean): MiddlewareHandler {
  return record(
    join(directory, 'graph-wire.jsonl'),
    (request, path) => path.startsWith('/v1.0/') && !isPeoples(request),
  );
}
