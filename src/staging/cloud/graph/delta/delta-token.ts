import { z } from 'zod';
import { GraphRefusal } from '../graph-refusal.ts';
import type { TimeWindow } from '../time-window.ts';

const WINDOW = { mailbox: z.string(), from: z.number(), to: z.number() };
const DELTA = z.strictObject({ ...WINDOW, since: z.int() });
const SKIP = z.strictObject({
  ...WINDOW,
  round: z.string(),
  group: z.int(),
  row: z.int(),
  /** The page before was an empty one. */
  rested: z.boolean(),
});

/** Where the next round begins. The window is in it for good (reference: graph.md 3.1). */
export type DeltaToken = z.infer<typeof DELTA>;
/** Where the next page of a round begins. */
export type SkipToken = z.infer<typeof SKIP>;

export function writeToken(token: DeltaToken | SkipToken): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

export function readDeltaToken(text: string, mailbox: string): DeltaToken {
  return read(DELTA, text, mailbox);
}

export function readSkipToken(text: string, mailbox: string): SkipToken {
  return read(SKIP, text, mailbox);
}

/** A token that is not good any more: the client has to begin anew where `Location` says (reference: graph.md 3.4). */
export function goneRefusal(url: string, window: TimeWindow, code = 'SyncStateNotFound'): GraphRefusal {
  const location = new URL(url);
  location.search = '';
  location.searchParams.set('startDateTime', new Date(window.from).toISOString());
  location.searchParams.set('endDateTime', new Date(window.to).toISOString());
  location.searchParams.set('$deltatoken', '');
  const message = 'The sync state generation is not found; continuing the sync is impossible.';
  const headers = { Location: location.toString() };
  return new GraphRefusal(code === 'SyncStateInvalid' ? 400 : 410, code, message, { headers });
}

function read<T extends { readonly mailbox: string }>(
  schema: z.ZodType<T>,
  text: string,
  mailbox: string,
): T {
  const parsed = schema.safeParse(decoded(text));
  if (parsed.success && parsed.data.mailbox === mailbox) return parsed.data;
  throw new GraphRefusal(400, 'SyncStateInvalid', 'The sync state is invalid for this resource.');
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return null;
  }
}
