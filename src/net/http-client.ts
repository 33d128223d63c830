import { Agent, type Dispatcher, request as undiciRequest } from 'undici';
import type { Upstream } from '../domain/app-error.ts';
import { allowedUrl } from './allow-list.ts';
import { diedUnanswered, translateFault, upstreamFault } from './http-fault.ts';
import type { Traffic } from './traffic.ts';
import { trustedContext } from './trust.ts';

const CONNECT_MS = 10_000;
const DEFAULT_CONNECTIONS = 16;
const DEFAULT_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 30_000;
const MAX_BYTES = 16 * 1024 * 1024;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange, from connecting to the last byte; default 30 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The body as UTF-8; empty when there is none. */
  readonly text: string;
}

export interface HttpClientOptions {
  readonly upstream: Upstream;
  /** Exact origins (scheme, host, port) that may be called; everything else is refused before a byte leaves. */
  readonly allowedOrigins: readonly string[];
  /** PEM bundle that is trusted besides the system's roots. */
  readonly caPem?: string;
  /** Connections to one origin at a time, and so calls; default 16. */
  readonly connections?: number;
  /** Largest accepted body; default 16 MiB. */
  readonly maxBytes?: number;
  /** Where what goes out and comes in is counted. */
  readonly traffic?: Traffic;
  /** Told of every exchange that went out: its status (null when no answer came) and how long it took. */
  readonly answered?: (status: number | null, durationMs: number) => void;
}

/**
 * Outgoing HTTP to one upstream over kept-alive connections. Every status except a redirect is a value. Throws AppError
 * with scope `upstream`: `<UPSTREAM>_UNREACHABLE`, `_TIMEOUT`, `_TLS`, `_ANSWER_TOO_LARGE` (unavailable), `_REDIRECT`,
 * `_HOST_NOT_ALLOWED` (forbidden); and `ABORTED` (scope job) when the caller's own signal fired.
 */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #agent: Agent;

  constructor(o: HttpClientOptions) {
    this.#options = o;
    const secured = { secureContext: trustedContext(o.caPem), timeout: CONNECT_MS };
    this.#agent = new Agent({
      connections: o.connections ?? DEFAULT_CONNECTIONS,
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectTimeout: CONNECT_MS,
      connect: o.traffic?.connector({ ...secured, allowH2: false }) ?? secured,
    });
  }

  async request(r: HttpRequest): Promise<HttpResponse> {
    const url = allowedUrl(r.url, this.#options.allowedOrigins, this.#options.upstream);
    try {
      return await this.#withOneRetry(r, () => this.#measured(url, r));
    } catch (thrown) {
      throw translateFault(this.#options.upstream, thrown, r.signal?.aborted === true);
    }
  }

  /** Waits for calls under way, then closes the connections. */
  async close(): Promise<void> {
    await this.#agent.close();
  }

  /** A read whose kept-alive connection died under it goes out once more: that is no sign of an outage. */
  async #withOneRetry(r: HttpRequest, exchange: () => Promise<HttpResponse>): Promise<HttpResponse> {
    try {
      return await exchange();
    } catch (thrown) {
      const again = (r.method === 'GET' || r.method === 'HEAD') && r.signal?.aborted !== true;
      if (again && diedUnanswered(thrown)) return await exchange();
      throw thrown;
    }
  }

  async #measured(url: URL, r: HttpRequest): Promise<HttpResponse> {
    const began = performance.now();
    this.#options.traffic?.used(url.origin);
    let status: number | null = null;
    try {
      return await this.#exchange(url, r, (seen) => {
        status = seen;
      });
    } finally {
      this.#options.answered?.(status, performance.now() - began);
    }
  }

  async #exchange(url: URL, r: HttpRequest, seen: (status: number) => void): Promise<HttpResponse> {
    const timeoutMs = r.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const deadline = AbortSignal.timeout(timeoutMs);
    const answer = await undiciRequest(url, {
      dispatcher: this.#agent,
      method: r.method as Dispatcher.HttpMethod,
      headers: { 'user-agent': 'hybrid-calendar', ...r.headers },
      body: r.body ?? null,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: r.signal === undefined ? deadline : AbortSignal.any([deadline, r.signal]),
    });
    seen(answer.statusCode);
    await this.#refuseRedirect(answer);
    return {
      status: answer.statusCode,
      headers: headersFrom(answer.headers),
      text: await this.#readBody(answer.body),
    };
  }

  async #refuseRedirect(answer: Dispatcher.ResponseData): Promise<void> {
    if (!REDIRECTS.has(answer.statusCode)) return;
    await answer.body.dump().catch(() => undefined);
    const message = `The ${this.#options.upstream} service answered with a redirect, which is never followed: check the configured address.`;
    throw upstreamFault(this.#options.upstream, 'REDIRECT', message, { code: 'forbidden' });
  }

  async #readBody(body: AsyncIterable<Uint8Array>): Promise<string> {
    const limit = this.#options.maxBytes ?? MAX_BYTES;
    const chunks: Uint8Array[] = [];
    let size = 0;
    // Leaving the loop by an exception cancels the rest of the body and its connection.
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > limit) throw this.#tooLarge();
      chunks.push(chunk);
    }
    return new TextDecoder().decode(Buffer.concat(chunks, size));
  }

  #tooLarge(): Error {
    const message = `The ${this.#options.upstream} service sent an answer larger than the appliance accepts.`;
    return upstreamFault(this.#options.upstream, 'ANSWER_TOO_LARGE', message);
  }
}

function headersFrom(raw: Dispatcher.ResponseData['headers']): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) headers.append(name, one);
  }
  return headers;
}
