import type { Context } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { flawsOf, webexError } from './webex-error.ts';
import { accountOfUser } from './webex-token.ts';

/** The profile has deliveries of up to a mebibyte taken. */
const MAX_BYTES = 1_048_576;

/** The version of a withdrawal, as it stands in the query. */
export const VERSION = z
  .string()
  .regex(/^[1-9]\d*$/)
  .transform(Number)
  .pipe(z.int());

/** How each outcome is answered. */
export const STATUS = { created: 201, updated: 200, withdrawn: 200, fenced: 409 } as const;

export interface IngestIds {
  readonly userId: string;
  readonly meetingId: string;
}

/** Whom and which meeting a path of the ingest profile names; null when there is no such user. */
export function ingestIds(context: CloudContext, c: Context): IngestIds | null {
  const account = accountOfUser(context, c.req.param('userId') ?? '');
  const meetingId = Buffer.from(c.req.param('id') ?? '', 'base64url').toString('utf8');
  return account === null || meetingId === '' ? null : { userId: account.userId, meetingId };
}

/** What is delivered; a Response refuses it. */
export async function readDelivery<T>(c: Context, schema: z.ZodType<T>): Promise<T | Response> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) return webexError(c, 415);
  const text = await c.req.text();
  if (Buffer.byteLength(text) > MAX_BYTES) return webexError(c, 413);
  const delivery = schema.safeParse(parsed(text));
  return delivery.success ? delivery.data : webexError(c, 400, flawsOf(delivery.error));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
