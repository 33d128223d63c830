import type { Context } from 'hono';
import type { CloudContext } from '../../cloud-context.ts';
import { GraphRefusal, refusalAnswer } from '../graph-refusal.ts';
import { graphState } from '../graph-state.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import type { Opportunity } from './misbehaviours.ts';
import { waitOf } from './retry-after.ts';

type ServerError = Extract<Misbehaviour, { kind: 'server-error' }>;

const CODES: Readonly<Record<ServerError['status'], string>> = {
  500: 'ErrorInternalServerError',
  502: 'UnknownError',
  503: 'ErrorMailboxStoreUnavailable',
  504: 'UnknownError',
};
const PAGE =
  '<!DOCTYPE html>\r\n<html><head><title>Service unavailable</title></head><body><h2>Our services aren’t available right now</h2></body></html>';

/** A call that is about to be served. */
export interface Call {
  readonly about: Opportunity & { readonly app: 'appliance' | 'outlook' };
  readonly serve: () => Promise<void>;
}

/**
 * Serves a call, or answers it with a server error that was ordered: before it took effect or after it. Returns the error's
 * answer, and null when the call was served.
 */
export async function servedOrBroken(
  context: CloudContext,
  c: Context,
  call: Call,
): Promise<Response | null> {
  const { misbehaviours } = graphState(context);
  const error = misbehaviours.strike('server-error', call.about);
  if (error?.when === 'before') return brokenAnswer(context, c, error);
  await call.serve();
  return error === null ? null : brokenAnswer(context, c, error);
}

function brokenAnswer(context: CloudContext, c: Context, error: ServerError): Response {
  const { header } = waitOf(error.retryAfter, context.clock.now());
  const headers = header === null ? {} : { 'Retry-After': header };
  if (error.body === 'graph') {
    const code = error.code ?? CODES[error.status];
    return refusalAnswer(context, c, new GraphRefusal(error.status, code, 'Try again later.', { headers }));
  }
  const type = error.body === 'html' ? { 'Content-Type': 'text/html; charset=utf-8' } : {};
  const text = error.body === 'html' ? PAGE : null;
  return new Response(text, { status: error.status, headers: { ...headers, ...type } });
}
