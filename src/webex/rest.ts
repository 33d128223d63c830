import { AppError } from '../domain/app-error.ts';
import type { Clock, Random } from '../domain/ports.ts';
import type { HttpClient } from '../net/http-client.ts';
import { parseRetryAfter } from '../net/retry-after.ts';

/** What Webex means when it asks to slow down without saying how long (reference: webex.md 4.1). */
const DEFAULT_WAIT_MS = 5_000;

export interface WebexRestDeps {
  readonly http: HttpClient;
  /** The access token of the appliance's own account; asked for at every call, since it can be replaced. */
  readonly token: () => string;
  readonly clock: Clock;
  readonly random: Random;
}

export interface WebexCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly body?: object;
  /** Statuses of 400 and more that the caller takes as values. */
  readonly expect?: readonly number[];
  readonly timeoutMs?: number;
}

export interface WebexAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined when the body is empty or no JSON. */
  readonly json: unknown;
}

/**
 * One call to Webex with the bearer token. Throws AppError (upstream `webex`): `WEBEX_REFUSED` (401, 403) and
 * `WEBEX_UNREACHABLE` (5xx, network) reach the whole upstream, `WEBEX_THROTTLED` (429) too; `WEBEX_LOCKED` (423) and
 * `WEBEX_REQUEST_REFUSED` concern the one call.
 */
export async function callWebex(deps: WebexRestDeps, call: WebexCall): Promise<WebexAnswer> {
  const { method, url, body, timeoutMs } = call;
  const response = await deps.http.request({
    method,
    url,
    headers: {
      authorization: `Bearer ${deps.token()}`,
      accept: 'application/json',
      trackingid: `HYBRID-CALENDAR_${deps.random.uuid()}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  const { status, headers, text } = response;
  if (status >= 400 && !(call.expect ?? []).includes(status))
    throw webexError(status, headers, deps.clock.now());
  return { status, headers, json: parse(text) };
}

/** Joins a configured base with steps that are percent-encoded here, and a query. */
export function webexUrl(
  base: string,
  path: readonly string[],
  query: Readonly<Record<string, string>> = {},
): string {
  const options = new URLSearchParams(query).toString();
  return `${base.replace(/\/+$/, '')}/${path.map(encodeURIComponent).join('/')}${options === '' ? '' : `?${options}`}`;
}

/** An answer that the real service would not give. */
export function unreadableAnswer(): AppError {
  return new AppError({
    code: 'unavailable',
    reason: 'WEBEX_UNEXPECTED_ANSWER',
    message: 'An answer came that Webex would not give: check whether a proxy stands in between.',
    upstream: 'webex',
  });
}

function webexError(status: number, headers: Headers, now: number): AppError {
  if (status === 401 || status === 403) return refused(status);
  if (status === 423 || status === 429) {
    const retryAfterMs = parseRetryAfter(headers.get('retry-after'), now) ?? DEFAULT_WAIT_MS;
    return slowDown(status, retryAfterMs);
  }
  if (status >= 500) return unreachable(parseRetryAfter(headers.get('retry-after'), now));
  return new AppError({
    code: 'invalid',
    reason: 'WEBEX_REQUEST_REFUSED',
    message: 'Webex does not accept this request; repeating it would not help.',
    upstream: 'webex',
  });
}

function refused(status: number): AppError {
  return new AppError({
    code: status === 401 ? 'unauthenticated' : 'forbidden',
    reason: 'WEBEX_REFUSED',
    message: 'Webex refuses the token in webex.token_file: check that it is valid and has the needed scopes.',
    scope: 'upstream',
    upstream: 'webex',
  });
}

function slowDown(status: number, retryAfterMs: number): AppError {
  const wholeUpstream = status === 429;
  return new AppError({
    code: 'throttled',
    reason: wholeUpstream ? 'WEBEX_THROTTLED' : 'WEBEX_LOCKED',
    message: 'Webex asks the appliance to wait; the work goes on afterwards.',
    scope: wholeUpstream ? 'upstream' : 'job',
    upstream: 'webex',
    retryAfterMs,
  });
}

function unreachable(retryAfterMs: number | null): AppError {
  return new AppError({
    code: 'unavailable',
    reason: 'WEBEX_UNREACHABLE',
    message: 'Webex is not available at the moment.',
    scope: 'upstream',
    upstream: 'webex',
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
