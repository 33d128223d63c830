import { z } from 'zod';
import { asAppError } from '../domain/app-error.ts';
import type { EventStream } from '../domain/ports.ts';
import { afterRealMs } from '../net/real-timer.ts';
import { callKms, type KmsHttpDeps } from './kms-http.ts';
import type { KmsAnswer } from './message.ts';
import { Resets } from './resets.ts';

const MAX_BATCH = 50;
const RESET = 499;
const BODY = z.looseObject({ kmsMessages: z.array(z.string()).default([]) });

export interface ExchangeDeps extends KmsHttpDeps {
  readonly eventStream: EventStream;
  readonly answered: () => void;
  /** Milliseconds that a request waits for others that travel with it. */
  readonly batchWindowMs: number;
  /** Opens an answer; null when it is for nobody here. Throws AppError `tampered`. */
  open(compact: string): Promise<OpenedAnswer | null>;
  /** A verified reset arrived: drops the channel and returns its URI; null when there is none at the moment. */
  reset(): string | null;
}

export interface OpenedAnswer {
  readonly answer: KmsAnswer;
  /** Signed with the static key instead of sealed for the channel. */
  readonly signed: boolean;
}

/** A request that is ready to travel. */
export interface Letter {
  readonly destination: string;
  /** URI of the channel it is sealed for; null under the static key. */
  readonly channel: string | null;
  /** Called once per sending; sealing takes its time on other threads and so must not tear a batch apart. */
  readonly seal: () => Promise<string>;
  readonly requestId: string;
}

/** The KMS dropped the channel: make a new one and ask again. */
export class ChannelReset extends Error {
  override readonly name = 'ChannelReset';
}

/** No answer came within the time given. */
export class AnswerTimeout extends Error {
  override readonly name = 'AnswerTimeout';
}

interface Waiting extends Letter {
  readonly resolve: (opened: OpenedAnswer) => void;
  readonly reject: (fault: Error) => void;
  posted: boolean;
}

/** Carries sealed requests to the KMS in batches and pairs answers with them, in whichever way and order they arrive. */
export class Exchange {
  readonly #deps: ExchangeDeps;
  readonly #waiting = new Map<string, Waiting>();
  readonly #resets: Resets;
  #queue: Waiting[] = [];

  constructor(deps: ExchangeDeps) {
    this.#deps = deps;
    this.#resets = new Resets(deps.clock);
    deps.eventStream.onKmsMessages((messages) => void this.#take(messages));
  }

  /** Rejects with AppError, ChannelReset, or AnswerTimeout after `timeoutMs`. */
  async send(letter: Letter, timeoutMs: number): Promise<OpenedAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<OpenedAnswer>();
    const callOff = afterRealMs(timeoutMs, () => reject(new AnswerTimeout()));
    const waiting: Waiting = { ...letter, resolve, reject, posted: false };
    this.#waiting.set(letter.requestId, waiting);
    this.#enqueue(waiting);
    try {
      return await promise;
    } finally {
      callOff();
      if (this.#waiting.get(letter.requestId) === waiting) this.#waiting.delete(letter.requestId);
    }
  }

  /** Ends every waiting request with this fault. */
  fail(fault: Error): void {
    for (const one of this.#waiting.values()) one.reject(fault);
  }

  #enqueue(waiting: Waiting): void {
    const queue = this.#queue;
    queue.push(waiting);
    if (queue.length === MAX_BATCH) this.#post(queue);
    else if (queue.length === 1) afterRealMs(this.#deps.batchWindowMs, () => this.#post(queue));
  }

  #post(queue: readonly Waiting[]): void {
    // A full one has left before its time.
    if (queue !== this.#queue) return;
    this.#queue = [];
    // Whoever gave up meanwhile must not cause an answer that nobody understands.
    const wanted = queue.filter((one) => this.#waiting.get(one.requestId) === one);
    for (const [destination, letters] of Map.groupBy(wanted, (one) => one.destination))
      void this.#postBatch(destination, letters);
  }

  async #postBatch(destination: string, batch: readonly Waiting[]): Promise<void> {
    // Without a device there is no stream for the answers, so they are asked for in the body.
    const path = this.#deps.eventStream.deviceUrl === null ? '/kms/messages?wait=1' : '/kms/messages';
    for (const one of batch) one.posted = true;
    try {
      const kmsMessages = await Promise.all(batch.map(async (one) => await one.seal()));
      const body = JSON.stringify({ destination, kmsMessages });
      const parsed = BODY.safeParse(await callKms(this.#deps, path, { method: 'POST', body }));
      if (parsed.success) await this.#take(parsed.data.kmsMessages);
    } catch (thrown) {
      for (const one of batch) one.reject(asAppError(thrown));
    }
  }

  async #take(messages: readonly string[]): Promise<void> {
    for (const compact of messages) {
      try {
        const opened = await this.#deps.open(compact);
        if (opened !== null) this.#deliver(opened);
      } catch (thrown) {
        // A forged answer does not tell which request it is for; the channel as a whole is not to be trusted.
        this.fail(asAppError(thrown));
      }
    }
  }

  #deliver(opened: OpenedAnswer): void {
    const { requestId, status } = opened.answer;
    if (opened.signed && status === RESET) {
      this.#takeReset(requestId);
      return;
    }
    const waiting = this.#waiting.get(requestId);
    // An answer counts once: a second copy of it finds nobody.
    if (waiting === undefined) return;
    this.#deps.answered();
    waiting.resolve(opened);
  }

  #takeReset(requestId: string): void {
    if (!this.#resets.counts(requestId)) return;
    this.#deps.answered();
    const channel = this.#deps.reset();
    if (channel === null) return;
    const ended = [...this.#waiting.values()].filter((one) => one.channel === channel);
    this.#resets.expect(ended.filter((one) => one.posted).length - 1);
    for (const one of ended) one.reject(new ChannelReset());
  }
}
