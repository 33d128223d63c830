import { Agent, fetch } from 'undici';

export interface SubscriberAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Calls notification URLs and trusts the installation's own authority alone. */
export class SubscriberClient {
  readonly #caPem: string;
  #agent: Agent | null = null;
  #stopping = new AbortController();

  constructor(caPem: string) {
    this.#caPem = caPem;
  }

  /** Throws on network faults, TLS faults and after `timeoutMs` of real time. Redirects are not followed. */
  async post(url: string, contentType: string, body: string, timeoutMs: number): Promise<SubscriberAnswer> {
    this.#agent ??= new Agent({ connect: { ca: this.#caPem } });
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#stopping.signal]);
    const headers = { 'content-type': contentType };
    const init = {
      method: 'POST',
      headers,
      body,
      signal,
      redirect: 'manual',
      dispatcher: this.#agent,
    } as const;
    const response = await fetch(url, init);
    const text = await response.text();
    return { status: response.status, contentType: response.headers.get('content-type') ?? '', text };
  }

  /** Breaks off what is under way. The client can be used again afterwards. */
  async close(): Promise<void> {
    this.#stopping.abort();
    this.#stopping = new AbortController();
    const agent = this.#agent;
    this.#agent = null;
    await agent?.destroy();
  }
}
