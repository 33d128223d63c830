import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context, MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import type { Table } from '../disk.ts';
import { webexError } from './webex-error.ts';

const STATUSES = [401, 403, 404, 409, 423, 429, 500, 502, 503, 504] as const;

/** What is to go wrong; CONTROL.md says what each member means. */
export const FAULT = z
  .strictObject({
    path: z.string().default('/'),
    method: z.string().optional(),
    status: z.literal(STATUSES).optional(),
    reset: z.boolean().default(false),
    when: z.enum(['before', 'after']).default('before'),
    retryAfter: z.string().optional(),
    skip: z.int().min(0).default(0),
    times: z.int().min(1).default(1),
  })
  .refine(({ status, reset }) => (status === undefined) === reset, 'one of status and reset');
export type Fault = z.infer<typeof FAULT>;

const faultTable = (context: CloudContext): Table<Fault> => context.disk.table<Fault>('webex-faults');

/** Orders a fault, in place of the one with the same method and path. */
export function orderFault(context: CloudContext, fault: Fault): void {
  faultTable(context).put(keyOf(fault), fault);
}

export function takeFaultsBack(context: CloudContext): void {
  for (const fault of faultTable(context).all()) faultTable(context).delete(keyOf(fault));
}

/** Answers the next matching requests with the ordered fault, before or after they took effect. */
export function webexFaults(context: CloudContext): MiddlewareHandler {
  return async (c, next) => {
    const fault = struckBy(context, c);
    if (fault === null) return next();
    if (fault.when === 'before') return broken(c, fault);
    await next();
    const answer = broken(c, fault);
    // An answer over an answer would keep the headers of both.
    c.res = undefined;
    c.res = answer;
    return undefined;
  };
}

function struckBy(context: CloudContext, c: Context): Fault | null {
  const table = faultTable(context);
  if (table.size === 0 || c.req.path.startsWith('/control/')) return null;
  const hit = table
    .all()
    .find(({ path, method = c.req.method }) => c.req.path.startsWith(path) && method === c.req.method);
  if (hit === undefined) return null;
  if (hit.skip > 0) {
    table.put(keyOf(hit), { ...hit, skip: hit.skip - 1 });
    return null;
  }
  if (hit.times > 1) table.put(keyOf(hit), { ...hit, times: hit.times - 1 });
  else table.delete(keyOf(hit));
  return hit;
}

function broken(c: Context, { status, retryAfter }: Fault): Response {
  if (status === undefined) return breakLine(c);
  if (retryAfter !== undefined) c.header('Retry-After', retryAfter);
  return webexError(c, status);
}

function breakLine(c: Context): Response {
  const { incoming } = (c.env ?? {}) as { readonly incoming?: { readonly socket: { destroy(): void } } };
  incoming?.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}

function keyOf({ method = '*', path }: Fault): string {
  return `${method} ${path}`;
}
