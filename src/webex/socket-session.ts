import type { Clock, Random } from '../domain/ports.ts';
import type { EventSocket, EventSocketHandlers } from '../net/event-socket.ts';
import type { Ending } from './close-code.ts';
import { ackFrame, authorizationFrame, type Frame, pingFrame, pongFrame, readFrame } from './frame.ts';
import { realSleep } from './real-sleep.ts';

const PING_EVERY_MS = 15_000;
const PONG_WITHIN_MS = 14_000;
const READY_WITHIN_MS = 30_000;
/** How long a peer that we closed on may take to say goodbye. */
const GOODBYE_WITHIN_MS = 2_000;
/** As a connection that broke: the device is good. */
const GONE_SILENT: Ending = { code: 1006, reason: '' };

export interface SessionDeps {
  readonly connect: (handlers: EventSocketHandlers) => EventSocket;
  readonly token: () => string;
  readonly clock: Clock;
  readonly random: Random;
  /** Webex accepted us; from now on messages arrive. */
  readonly ready: () => void;
  readonly kmsMessages: (messages: readonly string[]) => void;
  /** Ends the session from this side. */
  readonly signal: AbortSignal;
}

/** The life of one connected event WebSocket. Resolves with how it ended; throws only when connecting is not allowed. */
export function runSession(deps: SessionDeps): Promise<Ending> {
  return new Session(deps).run();
}

class Session {
  readonly #deps: SessionDeps;
  readonly #over = new AbortController();
  /** Fires when it is known whether Webex accepts us. */
  readonly #settled = new AbortController();
  readonly #closed = Promise.withResolvers<Ending>();
  #socket: EventSocket | null = null;
  #isReady = false;
  #heardAt = 0;
  /** Then the close code is only the echo of our own. */
  #hungUp = false;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
  }

  async run(): Promise<Ending> {
    const { signal } = this.#deps;
    const leave = (): void => this.#hangUp();
    this.#socket = this.#deps.connect({
      open: () => this.#authorize(),
      message: (text) => this.#receive(readFrame(text)),
      close: (code, reason) => this.#closed.resolve(this.#hungUp ? GONE_SILENT : { code, reason }),
    });
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    void this.#watch();
    try {
      return await this.#closed.promise;
    } finally {
      signal.removeEventListener('abort', leave);
      this.#over.abort();
      this.#settled.abort();
    }
  }

  #authorize(): void {
    const { random, token } = this.#deps;
    this.#socket?.send(authorizationFrame(random.uuid(), token()));
  }

  #receive(frame: Frame): void {
    this.#heardAt = this.#deps.clock.monotonicMs();
    if (frame.kind === 'ping') this.#socket?.send(pongFrame(frame.id));
    if (frame.kind !== 'event') return;
    if (frame.id !== undefined) this.#socket?.send(ackFrame(frame.id));
    if (frame.ready) this.#becomeReady();
    if (frame.kmsMessages.length > 0) this.#deps.kmsMessages(frame.kmsMessages);
  }

  #becomeReady(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#settled.abort();
    this.#deps.ready();
  }

  // A connection that a firewall forgot looks alive for ever; only its silence after a ping gives it away.
  async #watch(): Promise<void> {
    const { clock, random } = this.#deps;
    await realSleep(clock, READY_WITHIN_MS, this.#settled.signal);
    if (!this.#isReady) return this.#hangUp();
    while (!this.#over.signal.aborted) {
      await realSleep(clock, PING_EVERY_MS, this.#over.signal);
      const askedAt = clock.monotonicMs();
      this.#socket?.send(pingFrame(random.uuid()));
      await realSleep(clock, PONG_WITHIN_MS, this.#over.signal);
      if (!this.#over.signal.aborted && this.#heardAt < askedAt) return this.#hangUp();
    }
  }

  #hangUp(): void {
    this.#hungUp = true;
    this.#socket?.close(1000);
    // A dead peer never answers the goodbye.
    void realSleep(this.#deps.clock, GOODBYE_WITHIN_MS, this.#over.signal).then(() =>
      this.#closed.resolve(GONE_SILENT),
    );
  }
}
