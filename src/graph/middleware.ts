import type { Context, Middleware, MiddlewareOptions } from '@microsoft/microsoft-graph-client';
import { AppError } from '../domain/app-error.ts';
import type { Clock, Random } from '../domain/ports.ts';
import type { HttpClient, HttpRequest } from '../net/http-client.ts';
import type { Limiter } from './limiter.ts';
import type { TokenSource } from './token.ts';

const TRIES = 3;
const RETRY_BASE_MS = 250;
const NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** What travels with one request through the chain. */
export class CallFacts implements MiddlewareOptions {
  /** Exactly what is called: the client library takes URLs apart and regroups their parameters. */
  readonly url: string;
  /** Whose places in the limiter it takes; null for calls of no mailbox. */
  readonly mailbox: string | null;
  readonly timeoutMs: number | undefined;
  /** What was thrown below: the library turns every exception into one of its own. */
  fault: unknown = null;

  constructor(url: string, mailbox: string | null, timeoutMs: number | undefined) {
    this.url = url;
    this.mailbox = mailbox;
    this.timeoutMs = timeoutMs;
  }
}

abstract class Link implements Middleware {
  #next: Middleware | null = null;

  setNext(next: Middleware): void {
    this.#next = next;
  }

  abstract execute(context: Context): Promise<void>;

  protected async pass(context: Context): Promise<Response> {
    await this.#next?.execute(context);
    return answerOf(context);
  }
}

/** Puts the token in; a 401 gets one more try with a new token (reference: graph.md 1.5). */
export class AuthLink extends Link {
  readonly #tokens: TokenSource;

  constructor(tokens: TokenSource) {
    super();
    this.#tokens = tokens;
  }

  async execute(context: Context): Promise<void> {
    try {
      const token = await this.#tokens.current();
      const answer = await this.#withToken(context, token);
      if (answer.status === 401) await this.#withToken(context, await this.#tokens.replace(token));
    } catch (thrown) {
      factsOf(context).fault = thrown;
      throw thrown;
    }
  }

  async #withToken(context: Context, token: string): Promise<Response> {
    const headers = { ...headersOf(context), authorization: `Bearer ${token}` };
    context.options = { ...context.options, headers };
    return await this.pass(context);
  }
}

/** Keeps to the limits, and repeats a read at most twice when a gateway or the network let it down. */
export class LimiterLink extends Link {
  readonly #limiter: Limiter;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(limiter: Limiter, clock: Clock, random: Random) {
    super();
    this.#limiter = limiter;
    this.#clock = clock;
    this.#random = random;
  }

  async execute(context: Context): Promise<void> {
    await this.#limiter.run(factsOf(context).mailbox, () => this.#attempt(context, 1));
  }

  async #attempt(context: Context, attempt: number): Promise<void> {
    const last = attempt >= TRIES || context.options?.method !== 'GET';
    try {
      const { status } = await this.pass(context);
      if (last || (status !== 502 && status !== 504)) return;
    } catch (thrown) {
      // A time-out has used up its time already; the queue repeats it later.
      if (last || !(thrown instanceof AppError) || thrown.reason !== 'GRAPH_UNREACHABLE') throw thrown;
    }
    await this.#clock.sleep(RETRY_BASE_MS * 2 ** (attempt - 1) * (0.5 + this.#random.unit()));
    await this.#attempt(context, attempt + 1);
  }
}

/** The end of the chain: our own client with its limits, trust and allow-list. */
export class HttpLink implements Middleware {
  readonly #http: HttpClient;

  constructor(http: HttpClient) {
    this.#http = http;
  }

  async execute(context: Context): Promise<void> {
    const { status, headers, text } = await this.#http.request(requestOf(context));
    context.response = new Response(NO_BODY.has(status) ? null : text, { status, headers });
  }
}

function requestOf(context: Context): HttpRequest {
  const { url, timeoutMs } = factsOf(context);
  const { method, body } = context.options ?? {};
  return {
    method: method ?? 'GET',
    url,
    headers: headersOf(context),
    ...(typeof body === 'string' ? { body } : {}),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

function headersOf(context: Context): Record<string, string> {
  return Object.fromEntries(new Headers(context.options?.headers as Record<string, string> | undefined));
}

function factsOf(context: Context): CallFacts {
  const facts = context.middlewareControl?.getMiddlewareOptions(CallFacts);
  if (facts instanceof CallFacts) return facts;
  throw new TypeError('a request to Graph without its facts');
}

function answerOf(context: Context): Response {
  if (context.response === undefined) throw new TypeError('a chain without an end');
  return context.response;
}
