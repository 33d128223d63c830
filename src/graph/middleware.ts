import type { Context, Middleware, MiddlewareOptions } from '@microsoft/microsoft-graph-client';
import { AppError } from '../domain/app-error.ts';
import type { Clock, Random } from '../domain/ports.ts';
import type { HttpClient, HttpRequest } from '../net/http-client.ts';
import { parseRetryAfter } from '../net/retry-after.ts';
import { saysMoving } from './graph-error.ts';
import type { Limiter } from './limiter.ts';
import type { TokenSource } from './token.ts';

const TRIES = 5;
const RETRY_BASE_MS = 500;
const RETRY_CAP_MS = 30_000;
/** A longer wait than this goes back to the queue, which does not hold a worker meanwhile. */
const PATIENCE_MS = 30_000;
const NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** What travels with one request through the chain. */
export class CallFacts implements MiddlewareOptions {
  /** Exactly what is called: the client library takes URLs apart and regroups their parameters. */
  readonly url: string;
  /** Whose places in the limiter it takes; null for calls of no mailbox. */
  readonly mailbox: string | null;
  /** Whether the call may go out again when nobody knows whether it took effect (reference: graph.md 4.3). */
  readonly repeatable: boolean;
  readonly timeoutMs: number | undefined;
  /** What was thrown below: the library turns every exception into one of its own. */
  fault: unknown = null;

  constructor(call: Pick<CallFacts, 'url' | 'mailbox' | 'repeatable' | 'timeoutMs'>) {
    this.url = call.url;
    this.mailbox = call.mailbox;
    this.repeatable = call.repeatable;
    this.timeoutMs = call.timeoutMs;
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

/**
 * Keeps to the limits. Waits as long as a 429 asks for while it keeps its place, which holds the mailbox's other calls back too;
 * repeats what may be repeated when a gateway or the network let it down (reference: graph.md 4.3).
 */
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
    const waitMs = await this.#tryOnce(context, attempt);
    if (waitMs === null) return;
    await this.#clock.sleep(waitMs);
    await this.#attempt(context, attempt + 1);
  }

  /** Null when the answer stands, else how long to wait before the next try. */
  async #tryOnce(context: Context, attempt: number): Promise<number | null> {
    const last = attempt >= TRIES;
    const { repeatable } = factsOf(context);
    const backOffMs =
      Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** (attempt - 1)) * (0.5 + this.#random.unit());
    try {
      const answer = await this.pass(context);
      if (answer.status === 429) return this.#afterThrottling(answer, last, backOffMs);
      if (last || !repeatable || !(await isPassing(answer))) return null;
      return withinPatience(Math.max(this.#askedFor(answer) ?? 0, backOffMs));
    } catch (thrown) {
      // A time-out has used up its time already; the queue repeats it later.
      const lost = thrown instanceof AppError && thrown.reason === 'GRAPH_UNREACHABLE';
      if (last || !repeatable || !lost) throw thrown;
      return backOffMs;
    }
  }

  // A refused call took no effect, so any kind of it may go out again.
  #afterThrottling(answer: Response, last: boolean, backOffMs: number): number | null {
    this.#limiter.throttled();
    return last ? null : withinPatience(Math.max(this.#askedFor(answer) ?? 0, backOffMs));
  }

  #askedFor(answer: Response): number | null {
    return parseRetryAfter(answer.headers.get('retry-after'), this.#clock.now());
  }
}

function withinPatience(waitMs: number): number | null {
  return waitMs > PATIENCE_MS ? null : waitMs;
}

/** The server's own trouble, which is mostly over at the next try; a mailbox that moves is not back for hours. */
async function isPassing(answer: Response): Promise<boolean> {
  return answer.status >= 500 && answer.status <= 504 && !saysMoving(await answer.clone().text());
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
