import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { CloudContext } from '../cloud-context.ts';

/** Why Graph answers with an error. Thrown before anything is written: a transaction must not see it. */
export class GraphRefusal extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly members: object;

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    more: { readonly headers?: Readonly<Record<string, string>>; readonly members?: object } = {},
  ) {
    super(message);
    this.name = 'GraphRefusal';
    this.status = status;
    this.code = code;
    this.headers = more.headers ?? {};
    this.members = more.members ?? {};
  }
}

/** The refusal as Graph's error answer (reference: graph.md 1.5). */
export function refusalAnswer(context: CloudContext, c: Context, refusal: GraphRefusal): Response {
  const requestId = randomUUID();
  const innerError = {
    date: new Date(context.clock.now()).toISOString().slice(0, 19),
    'request-id': requestId,
    'client-request-id': c.req.header('client-request-id') ?? requestId,
  };
  const { code, message, members, status, headers } = refusal;
  // A new answer: what a route had prepared before it broke must not show.
  return Response.json({ error: { code, message, ...members, innerError } }, { status, headers });
}

export function notFoundItem(): GraphRefusal {
  return new GraphRefusal(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
}

export function invalid(code: string, message: string): GraphRefusal {
  return new GraphRefusal(400, code, message);
}

export function notSimulated(what: string): GraphRefusal {
  return new GraphRefusal(
    501,
    'NotImplemented',
    `The simulated Microsoft Graph does not offer this yet: ${what}.`,
  );
}
