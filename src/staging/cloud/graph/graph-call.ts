import type { Context } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import type { AppRegistration } from '../directory.ts';
import { authenticateGraph } from '../login/access-token.ts';
import { GraphRefusal, invalid } from './graph-refusal.ts';

const LARGEST_BODY = 4 * 1024 * 1024;

// One request is asked several times who calls.
const known = new WeakMap<Request, AppRegistration>();

/** The calling application; refuses with 401 and, when none of the roles was consented to, with 403. */
export function requireApp(context: CloudContext, c: Context, ...roles: readonly string[]): AppRegistration {
  const app = known.get(c.req.raw) ?? authenticateGraph(context, c.req.raw);
  if (app === null) {
    const headers = {
      'WWW-Authenticate': 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common"',
    };
    const message = 'Access token is empty, not valid or has expired.';
    throw new GraphRefusal(401, 'InvalidAuthenticationToken', message, { headers });
  }
  known.set(c.req.raw, app);
  if (roles.length > 0 && !app.roles.some((role) => roles.includes(role))) {
    throw new GraphRefusal(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
  }
  return app;
}

/** The text of a JSON request; refuses other media types and what is too large. */
export async function jsonText(c: Context): Promise<string> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
    throw invalid(
      'RequestBodyRead',
      'The media type of the request body is not supported: application/json is.',
    );
  }
  const text = await c.req.text();
  if (text.length <= LARGEST_BODY) return text;
  throw new GraphRefusal(413, 'RequestEntityTooLarge', 'The request body is too large.');
}

export function queryOf(c: Context): URLSearchParams {
  return new URL(c.req.url).searchParams;
}
