import type { Context } from 'hono';
import { z } from 'zod';
import { isMailboxAddress, normaliseAddress } from '../domain/address.ts';
import { isJson, parseJson, readText } from './body.ts';
import { MAX_BODY_BYTES } from './form.ts';
import { problem } from './problem.ts';

/** A mailbox's address in the form that it is stored and compared in. */
export const ADDRESS_BODY = z.object({
  address: z.string().max(320).transform(normaliseAddress).refine(isMailboxAddress),
});

/** What is wrong with a field, without quoting what was given. */
const FIELD_RULES: Readonly<Record<string, string>> = {
  address:
    'address must be a mail address such as name@example.com, its name in plain letters without quotes',
  kind: 'kind must be person or room',
  name: 'name must be 1 to 64 letters, digits, spaces or . _ @ -',
  password: 'password must have 15 characters or more',
  weak: 'the password must not hold the name or the product’s',
  reset: 'reset must be true or false',
  reminderLeadMs: 'reminderLeadMs must be from 0 to 1800000 milliseconds, or null',
  dryRun: 'dryRun must be true or false',
  of: 'of must be mailboxes, mailbox or directory',
  at: 'at must be a time in milliseconds or null',
};

/** The JSON of a command, or the answer that says what is wrong with it. */
export async function readBody<T>(c: Context, schema: z.ZodType<T>): Promise<T | Response> {
  const text = await readText(c.req.raw, MAX_BODY_BYTES);
  if (text === null) return problem(c, 413, 'TOO_LARGE', 'The request is larger than 64 KiB.');
  const json = isJson(c.req.raw) ? parseJson(text) : undefined;
  if (json === undefined) return problem(c, 400, 'INVALID_JSON', 'The request is not JSON.');
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const fields = new Set(parsed.error.issues.map((issue) => String(issue.path[0] ?? '')));
  const rules = [...fields].map((field) => FIELD_RULES[field] ?? 'the request must be an object');
  return problem(c, 400, 'INVALID_FIELD', `${rules.join('; ')}.`);
}

export function noSuchMailbox(c: Context): Response {
  return problem(c, 404, 'NO_SUCH_MAILBOX', 'No mailbox with this address is enabled.');
}
