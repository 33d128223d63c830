import type { Context } from 'hono';

/** Headers that a reverse proxy adds: then the address of the connection is the proxy's, not the caller's. */
const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip'];
const LOOPBACK = /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/i;

/** True for a request from this very machine that came through no proxy. An unknown address counts as foreign. */
export function isLocal(c: Context, remoteAddress: string): boolean {
  return LOOPBACK.test(remoteAddress) && FORWARDED.every((name) => c.req.header(name) === undefined);
}
