import { AppError, type Upstream } from '../domain/app-error.ts';

/**
 * The URL when its origin is exactly one of the allowed ones (a trailing slash or path in the list does not matter). Throws
 * AppError `forbidden` / `<UPSTREAM>_HOST_NOT_ALLOWED` otherwise, before any byte leaves (reference: engineering.md B.6, 13.2.4).
 */
export function allowedUrl(url: string, allowedOrigins: readonly string[], upstream: Upstream): URL {
  const parsed = URL.parse(url);
  const clean = parsed !== null && parsed.username === '' && parsed.password === '';
  if (clean && allowedOrigins.some((allowed) => originOf(allowed) === originOf(parsed.origin))) return parsed;
  throw new AppError({
    code: 'forbidden',
    reason: `${upstream.toUpperCase()}_HOST_NOT_ALLOWED`,
    message: `A call to a host outside the configured ones (${upstream}) was refused; no token was sent.`,
    scope: 'upstream',
    upstream,
  });
}

/** The origin of an address; a WebSocket counts as that of the HTTP request that it starts as. Undefined when it is no address. */
export function originOf(origin: string): string | undefined {
  return URL.parse(origin.replace(/^ws(s?):/i, 'http$1:'))?.origin;
}
