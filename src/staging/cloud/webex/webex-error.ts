import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'The request could not be understood by the server due to malformed syntax.',
  401: 'The request requires a valid access token set in the Authorization request header.',
  403: 'The access token in the request is missing the required scopes or the user is missing the required roles.',
  404: 'The requested resource could not be found.',
  405: 'The request was made to a resource using an HTTP request method that is not supported.',
  409: 'The request could not be processed because it conflicts with some established rule of the system.',
  413: 'The request entity is too large.',
  415: 'The media type of the request is not supported.',
  423: 'The requested resource is temporarily unavailable.',
  429: 'Too many requests have been sent in a given amount of time.',
  503: 'The server is overloaded with requests. Try again later.',
};

/** An answer in the shape of every Webex REST error (reference: webex.md 4.1). */
export function webexError(c: Context, status: ContentfulStatusCode, description?: string): Response {
  const message = MESSAGES[status] ?? 'The request failed.';
  const trackingId = `ROUTER_${randomUUID()}`;
  c.header('TrackingID', trackingId);
  return c.json({ message, errors: [{ description: description ?? message }], trackingId }, status);
}

/** What is wrong with a request, for the description of an error. */
export function flawsOf(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}

/** The body of a request in one of the media types; a Response refuses it. */
export async function jsonBody(
  c: Context,
  media: readonly string[],
): Promise<{ readonly json: unknown } | Response> {
  const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!media.includes(type)) return webexError(c, 415);
  const json: unknown = await c.req.json().catch(() => undefined);
  return json === undefined ? webexError(c, 400, 'the body is no JSON') : { json };
}
