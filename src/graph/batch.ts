import { z } from 'zod';
import type { Clock } from '../domain/ports.ts';
import { parseRetryAfter } from '../net/retry-after.ts';
import { type GraphAnswer, type GraphClient, unreadable } from './client.ts';
import { graphError } from './graph-error.ts';

/** The service refuses more (reference: graph.md 4.1). */
export const MOST_IN_BATCH = 20;

const RESPONSES = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.int(),
      headers: z.record(z.string(), z.string()).nullish(),
      // Answers without a body, as of gateways, have no such member.
      body: z.unknown().optional(),
    }),
  ),
});
type Member = z.infer<typeof RESPONSES>['responses'][number];

/**
 * Reads up to twenty addresses below `/v1.0` in one call, in the order asked. Each member is judged like a call of its own:
 * the outer 200 says nothing about it. A member the service left out counts as unavailable.
 */
export async function readBatch(
  client: GraphClient,
  clock: Clock,
  paths: readonly string[],
): Promise<GraphAnswer[]> {
  if (paths.length === 0 || paths.length > MOST_IN_BATCH) throw new RangeError('1 to 20 members a batch');
  const requests = paths.map((url, n) => ({ id: String(n), method: 'GET', url }));
  const json = await client.demand({
    method: 'POST',
    url: client.urlOf(['$batch']),
    mailbox: null,
    // Only reads: nothing happens twice.
    idempotent: true,
    body: { requests },
  });
  const read = RESPONSES.safeParse(json).data;
  if (read === undefined) throw unreadable();
  const byId = new Map(read.responses.map((member) => [member.id, member]));
  return paths.map((_, n) => answerOf(byId.get(String(n)), clock.now()));
}

function answerOf(member: Member | undefined, now: number): GraphAnswer {
  const status = member?.status ?? 504;
  if (status >= 200 && status < 300) return { kind: 'done', json: member?.body ?? null };
  const headers = new Headers(member?.headers ?? {});
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'), now);
  const refusal = { status, text: JSON.stringify(member?.body ?? null), retryAfterMs, ofMailbox: true };
  return { kind: 'refused', refusal, error: graphError(refusal) };
}
