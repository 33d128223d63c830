import type { Context, MiddlewareHandler } from 'hono';

/** What each answer carries (reference: engineering.md B.6). */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Sets the headers on every answer, errors too. Only an answer that already says how it may be cached keeps that. */
export function securityHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.res.headers.set(name, value);
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store');
  };
}

/** Refuses (403) every method but GET and HEAD that does not come from a page of this very origin, whatever its content type. */
export function sameOriginOnly(): MiddlewareHandler {
  return async (c, next) => {
    if (SAFE_METHODS.has(c.req.method) || isSameOrigin(c)) return await next();
    return c.body(null, 403);
  };
}

function isSameOrigin(c: Context): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = c.req.header('origin');
  if (origin === undefined) return false;
  const own = new URL(c.req.url);
  // Behind a proxy that ends TLS our own URL says http while the browser rightly says https.
  return origin === own.origin || origin === `https://${own.host}`;
}
