import type { Context } from 'hono';
import { readText } from './body.ts';

/** Enough for any form and any command. */
export const MAX_BODY_BYTES = 64 * 1024;

/** The fields of an HTML form; null when the body is too long. Another content type reads as an empty form. */
export async function readForm(c: Context): Promise<URLSearchParams | null> {
  const text = await readText(c.req.raw, MAX_BODY_BYTES);
  if (text === null) return null;
  const isForm = (c.req.header('content-type') ?? '').startsWith('application/x-www-form-urlencoded');
  return new URLSearchParams(isForm ? text : '');
}
