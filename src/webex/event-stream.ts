import { AppError } from '../domain/app-error.ts';
import type { Clock, EventStream, Random } from '../domain/ports.ts';
import { openEventSocket } from '../net/event-socket.ts';
import type { HttpClient } from '../net/http-client.ts';
import type { Traffic } from '../net/traffic.ts';
import { afterEnding, type Ending } from './close-code.ts';
import { type Device, registerDevice, socketUrlOf, unregisterDevice } from './device.ts';
import { realSleep } from './real-sleep.ts';
import { runSession } from './socket-session.ts';

const BACK_OFF_BASE_MS = 1_000;
const BACK_OFF_CAP_MS = 60_000;
/** Connections in a row that never became ready before the device itself is given up. */
const PATIENCE = 3;
/** Who was told to go does not come back at once. */
const SENT_AWAY_MS = 60_000;

export interface EventStreamDeps {
  readonly http: HttpClient;
  /** Null: no device is registered, and answers are asked for in the HTTP answer. */
  readonly wdmUrl: string | null;
  readonly token: () => string;
  /** Told that Webex did not take the token. */
  readonly refused?: () => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly caPem?: string;
  /** Origins that the WebSocket may go to. */
  readonly allowedOrigins: readonly string[];
  /** Where what goes out and comes in is counted. */
  readonly traffic?: Traffic;
  readonly connect?: typeof openEventSocket;
  /** Told of what fails in the background; it goes on trying all the same. */
  readonly fault?: (error: unknown) => void;
  /** Told when Webex has let the appliance in: what was out of reach may be back. */
  readonly answered?: () => void;
}

export interface RunningEventStream extends EventStream {
  /** Resolves when the WebSocket is ready for the first time, or on `close`. Never rejects: it goes on trying. */
  start(): Promise<void>;
  /** Ends the WebSocket and takes the device's registration back. */
  close(): Promise<void>;
}

/** The event WebSocket of the appliance's own Webex device, kept open for as long as the appliance runs. */
export function openEventStream(deps: EventStreamDeps): RunningEventStream {
  return new WebexEventStream(deps);
}

class WebexEventStream implements RunningEventStream {
  readonly #deps: EventStreamDeps;
  readonly #listeners: ((messages: readonly string[]) => void)[] = [];
  readonly #closing = new AbortController();
  readonly #readyOnce = Promise.withResolvers<void>();
  #device: Device | null = null;
  #isReady = false;
  #failures = 0;
  #sentAway = false;
  #loop: Promise<void> | null = null;

  constructor(deps: EventStreamDeps) {
    this.#deps = deps;
  }

  get deviceUrl(): string | null {
    return this.#isReady ? (this.#device?.url ?? null) : null;
  }

  onKmsMessages(listener: (messages: readonly string[]) => void): void {
    this.#listeners.push(listener);
  }

  async start(): Promise<void> {
    const { wdmUrl } = this.#deps;
    if (wdmUrl === null || this.#closing.signal.aborted) return;
    this.#loop ??= this.#run(wdmUrl);
    await this.#readyOnce.promise;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#readyOnce.resolve();
    await this.#loop;
    if (this.#device !== null) await unregisterDevice(this.#deps, this.#device);
    this.#device = null;
  }

  async #run(wdmUrl: string): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#connectOnce(wdmUrl).catch((thrown: unknown) => this.#deps.fault?.(thrown));
      this.#isReady = false;
      if (!signal.aborted) await realSleep(this.#deps.clock, this.#backOffMs(), signal);
    }
  }

  /** Registers if need be, then lives as long as the connection does. */
  async #connectOnce(wdmUrl: string): Promise<void> {
    this.#failures += 1;
    this.#sentAway = false;
    const device = this.#device ?? (await registerDevice(this.#deps, wdmUrl));
    this.#device = device;
    const ending = await this.#session(device).catch((thrown: unknown) => {
      this.#device = null;
      throw thrown;
    });
    if (this.#closing.signal.aborted) return;
    this.#deps.fault?.(streamEnded(ending.code));
    const next = afterEnding(ending);
    if (next === 'fresh-token') this.#deps.refused?.();
    if (next === 'again' && this.#failures < PATIENCE) return;
    this.#sentAway = next === 'new-device';
    this.#device = null;
    await unregisterDevice(this.#deps, device);
  }

  #session(device: Device): Promise<Ending> {
    const { token, clock, random, caPem, traffic, allowedOrigins, connect = openEventSocket } = this.#deps;
    const socket = {
      url: socketUrlOf(device),
      allowedOrigins,
      ...(caPem === undefined ? {} : { caPem }),
      ...(traffic === undefined ? {} : { traffic }),
    };
    return runSession({
      connect: (handlers) => connect(socket, handlers),
      token,
      clock,
      random,
      ready: () => this.#becomeReady(),
      kmsMessages: (messages) => this.#dispatch(messages),
      signal: this.#closing.signal,
    });
  }

  #becomeReady(): void {
    this.#isReady = true;
    this.#failures = 0;
    this.#deps.answered?.();
    this.#readyOnce.resolve();
  }

  // A listener's fault must not reach the socket's event loop, where it would end the process.
  #dispatch(messages: readonly string[]): void {
    for (const listener of this.#listeners) {
      try {
        listener(messages);
      } catch (thrown) {
        this.#deps.fault?.(thrown);
      }
    }
  }

  #backOffMs(): number {
    const grown = BACK_OFF_BASE_MS * 2 ** Math.min(10, Math.max(0, this.#failures - 1));
    const waitMs = Math.min(BACK_OFF_CAP_MS, grown) * (0.5 + this.#deps.random.unit() / 2);
    return this.#sentAway ? Math.max(SENT_AWAY_MS, waitMs) : waitMs;
  }
}

function streamEnded(code: number): AppError {
  return new AppError({
    code: 'unavailable',
    reason: `WEBEX_STREAM_CLOSED_${code}`,
    message: 'The event WebSocket ended; it is opened again.',
    upstream: 'webex',
  });
}
