import type { Context } from 'hono';
import { z } from 'zod';
import type { TraceLine } from '../domain/trace.ts';

/** The time of a meeting (epoch milliseconds), where that is asked for. */
export const TRACE_BODY = z.object({ at: z.number().int().nullable() });

/** Rows for a person or a program: codes, times and ids of events. */
export function traceAnswer(c: Context, lines: readonly TraceLine[]): Response {
  const traces = lines.map(({ at, eventId, code, startAt }) => ({
    at: new Date(at).toISOString(),
    event: eventId,
    start: startAt === null ? null : new Date(startAt).toISOString(),
    code,
  }));
  return c.json({ traces });
}
