import { Client, type GraphRequest, ResponseType } from '@microsoft/microsoft-graph-client';
import { AppError } from '../domain/app-error.ts';
import type { Clock, Random } from '../domain/ports.ts';
import type { HttpClient } from '../net/http-client.ts';
import { parseRetryAfter } from '../net/retry-after.ts';
import { graphError, type Refusal } from './graph-error.ts';
import { Limiter } from './limiter.ts';
import { AuthLink, CallFacts, HttpLink, LimiterLink } from './middleware.ts';
import type { TokenSource } from './token.ts';

/** Ids that survive moves, instants in UTC, bodies as HTML (reference: graph.md 1.3). */
const PREFER = 'outlook.timezone="UTC", IdType="ImmutableId", outlook.body-content-type="html"';
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'PATCH', 'DELETE']);

export interface GraphCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Absolute; made by `urlOf` or taken as it is from a nextLink. */
  readonly url: string;
  /** The mailbox whose limit counts; null for calls of no mailbox. */
  readonly mailbox: string | null;
  /** Whether a refusal can be the matter of one mailbox, where `mailbox` does not say it already. */
  readonly ofMailbox?: boolean;
  readonly body?: object;
  readonly ifMatch?: string;
  /** Rows a page, where the query can't say it (delta). */
  readonly pageSize?: number;
  /** A POST that may go out again although nobody knows whether it took effect; other methods always may. */
  readonly idempotent?: boolean;
  readonly timeoutMs?: number;
}

/** A refused call is a value, so that the caller can take the refusals it expects and throw the rest. */
export type GraphAnswer =
  | { readonly kind: 'done'; readonly json: unknown }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly error: AppError };

export interface GraphClientDeps {
  readonly http: HttpClient;
  /** Without `/v1.0`. */
  readonly graphUrl: string;
  readonly tokens: TokenSource;
  readonly clock: Clock;
  readonly random: Random;
}

/** Microsoft Graph v1.0 over the official client with a chain of our own (reference: graph.md 4.4). */
export class GraphClient {
  readonly #deps: GraphClientDeps;
  readonly #client: Client;
  readonly #origin: string;

  constructor(deps: GraphClientDeps) {
    const { http, tokens, clock, random } = deps;
    this.#deps = deps;
    this.#origin = new URL(deps.graphUrl).origin;
    this.#client = Client.initWithMiddleware({
      middleware: [
        new AuthLink(tokens),
        new LimiterLink(new Limiter(clock), clock, random),
        new HttpLink(http),
      ],
    });
  }

  /** Both the steps of the path and the values of the query are percent-encoded here; the library would not. */
  urlOf(path: readonly string[], query: Readonly<Record<string, string>> = {}): string {
    // A dollar stands for itself in a path, and the service knows `$batch` only so.
    const steps = path.map((step) => encodeURIComponent(step).replaceAll('%24', '$')).join('/');
    const options = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return `${this.#origin}/v1.0/${steps}${options.length === 0 ? '' : `?${options.join('&')}`}`;
  }

  /** Whether an address is one of the configured Graph's: the only ones that a token goes to. */
  serves(url: string): boolean {
    return URL.parse(url)?.origin === this.#origin;
  }

  /**
   * Throws AppError for network faults and missing tokens, `GRAPH_HOST_NOT_ALLOWED` before a token leaves for a strange host,
   * `GRAPH_UNEXPECTED_ANSWER` when the answer is no JSON.
   */
  async call(call: GraphCall): Promise<GraphAnswer> {
    if (!this.serves(call.url)) throw strangeHost();
    const { url, mailbox, timeoutMs } = call;
    const repeatable = call.idempotent ?? IDEMPOTENT.has(call.method);
    const facts = new CallFacts({ url, mailbox, repeatable, timeoutMs });
    const response = await this.#send(call, facts);
    const text = await response.text();
    if (response.ok) return { kind: 'done', json: parse(text) };
    const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), this.#deps.clock.now());
    const refusal = {
      status: response.status,
      text,
      retryAfterMs,
      ofMailbox: call.ofMailbox ?? call.mailbox !== null,
    };
    return { kind: 'refused', refusal, error: graphError(refusal) };
  }

  /** As `call`, for callers that expect no refusal. */
  async demand(call: GraphCall): Promise<unknown> {
    const answer = await this.call(call);
    if (answer.kind === 'refused') throw answer.error;
    return answer.json;
  }

  async #send(call: GraphCall, facts: CallFacts): Promise<Response> {
    const request = this.#client
      .api(call.url)
      .responseType(ResponseType.RAW)
      .middlewareOptions([facts])
      .headers(this.#headers(call));
    try {
      return (await perform(request, call)) as Response;
    } catch (thrown) {
      throw facts.fault ?? thrown;
    }
  }

  #headers(call: GraphCall): Record<string, string> {
    return {
      accept: 'application/json',
      'accept-language': 'en-US',
      prefer: call.pageSize === undefined ? PREFER : `odata.maxpagesize=${call.pageSize}, ${PREFER}`,
      'client-request-id': this.#deps.random.uuid(),
      ...(call.ifMatch === undefined ? {} : { 'if-match': call.ifMatch }),
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    };
  }
}

function perform(request: GraphRequest, { method, body }: GraphCall): Promise<unknown> {
  if (method === 'GET') return request.get();
  if (method === 'DELETE') return request.delete();
  const content = JSON.stringify(body ?? {});
  return method === 'POST' ? request.post(content) : request.patch(content);
}

/** Null for the empty bodies of 202 and 204. */
function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable();
  }
}

/** The answer is not what Graph sends: most often a page of some proxy. */
export function unreadable(): AppError {
  return new AppError({
    code: 'unavailable',
    reason: 'GRAPH_UNEXPECTED_ANSWER',
    message: 'An answer came that Microsoft Graph would not give: check whether a proxy stands in between.',
    upstream: 'graph',
  });
}

function strangeHost(): AppError {
  return new AppError({
    code: 'forbidden',
    reason: 'GRAPH_HOST_NOT_ALLOWED',
    message:
      'An answer pointed to a host outside graph.graph_url; it was not followed and no token was sent.',
    upstream: 'graph',
  });
}
