import { z } from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { Clock, Random } from '../domain/ports.ts';
import type { HttpClient, HttpResponse } from '../net/http-client.ts';
import { parseRetryAfter } from '../net/retry-after.ts';

/** What Webex means when it asks to slow down without saying how long (reference: webex.md 4.1). */
const DEFAULT_WAIT_MS = 5_000;
/** Ids and nothing that could be content. */
const TRACKING_ID = /^[\w.:-]{8,100}$/;
const TRACKED = z.object({ trackingId: z.string() });

export interface WebexRestDeps {
  readonly http: HttpClient;
  /** The access token of the appliance's own account; asked for at every call, since it can be replaced. */
  readonly token: () => string;
  /** Told that Webex did not take the token (401). */
  readonly refused?: () => void;
  readonly clock: Clock;
  readonly random: Random;
}

export interface WebexApiDeps extends WebexRestDeps {
  /** Of the public REST API with version, e.g. `https://webexapis.com/v1`. */
  readonly apiUrl: string;
}

export interface WebexCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
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
  const answer = readAnswer(response);
  const { status } = answer;
  if (status === 401) deps.refused?.();
  if (status >= 400 && !(call.expect ?? []).includes(status)) throw webexError(answer, deps.clock.now());
  return answer;
}

export function readAnswer({ status, headers, text }: HttpResponse): WebexAnswer {
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

/** How long Webex asks to wait, from now on. */
export function retryAfterMs(headers: Headers, now: number): number {
  return parseRetryAfter(headers.get('retry-after'), now) ?? DEFAULT_WAIT_MS;
}

/** What an answer of 400 or more means. */
export function webexError(answer: WebexAnswer, now: number): AppError {
  const { status, headers } = answer;
  const facts = { upstream: 'webex', ...tracking(answer) } as const;
  if (status === 401 || status === 403) return new AppError({ ...refused(status), ...facts });
  if (status === 423 || status === 429)
    return new AppError({ ...slowDown(status), ...facts, retryAfterMs: retryAfterMs(headers, now) });
  const waitMs = parseRetryAfter(headers.get('retry-after'), now);
  const wait = waitMs === null ? {} : { retryAfterMs: waitMs };
  return new AppError({ ...(status >= 500 ? UNREACHABLE : REQUEST_REFUSED), ...facts, ...wait });
}

const UNREACHABLE = {
  code: 'unavailable',
  reason: 'WEBEX_UNREACHABLE',
  message: 'Webex is not available at the moment.',
  scope: 'upstream',
} as const;

const REQUEST_REFUSED = {
  code: 'invalid',
  reason: 'WEBEX_REQUEST_REFUSED',
  message: 'Webex does not accept this request; repeating it would not help.',
} as const;

function refused(status: 401 | 403) {
  return {
    code: status === 401 ? 'unauthenticated' : 'forbidden',
    reason: 'WEBEX_REFUSED',
    message: 'Webex refuses the token in webex.token_file: check that it is valid and has the needed scopes.',
    scope: 'upstream',
  } as const;
}

function slowDown(status: 423 | 429) {
  const wholeUpstream = status === 429;
  return {
    code: 'throttled',
    reason: wholeUpstream ? 'WEBEX_THROTTLED' : 'WEBEX_LOCKED',
    message: 'Webex asks the appliance to wait; the work goes on afterwards.',
    scope: wholeUpstream ? 'upstream' : 'job',
  } as const;
}

/** What Webex' support asks for; nothing else of an error's body is kept (reference: webex.md 4.1). */
function tracking({ headers, json }: WebexAnswer): { trackingId?: string } {
  const named = TRACKED.safeParse(json).data?.trackingId ?? headers.get('trackingid') ?? '';
  return TRACKING_ID.test(named) ? { trackingId: named } : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
