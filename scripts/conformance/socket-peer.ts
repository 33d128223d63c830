import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'undici';
import { Failed, type Server } from './server.ts';

const WITHIN_MS = 5_000;
const READY: readonly unknown[] = ['mercury.buffer_state', 'mercury.registration_status'];

export interface Frame {
  readonly id?: unknown;
  readonly type?: unknown;
  readonly data?: { readonly eventType?: unknown };
}

/** The appliance's end of an event WebSocket; every frame that comes is held to the profile. */
export class SocketPeer {
  readonly #server: Server;
  readonly #socket: WebSocket;
  readonly #frames: Frame[] = [];
  readonly #ids = new Set<unknown>();
  readonly #opened = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<number>();
  #flaw: string | null = null;
  #changed = Promise.withResolvers<void>();

  constructor(server: Server, url: string) {
    this.#server = server;
    this.#socket = server.webSocket(url);
    this.#socket.addEventListener('open', () => this.#opened.resolve());
    this.#socket.addEventListener('message', ({ data }) => this.#take(data));
    this.#socket.addEventListener('close', ({ code }) => this.#end(code));
    this.#socket.addEventListener('error', () => this.#end(1006));
    this.#opened.promise.catch(() => undefined);
  }

  async opened(): Promise<void> {
    await this.#within(this.#opened.promise, 'the WebSocket does not open');
  }

  async send(frame: object): Promise<void> {
    await this.opened();
    this.#socket.send(JSON.stringify(frame));
  }

  /** Says who we are and waits until the cloud side is ready. */
  async authorize(token: string): Promise<void> {
    const data = { token: `Bearer ${token}` };
    await this.send({
      id: randomUUID(),
      type: 'authorization',
      data,
      trackingId: `conformance_${randomUUID()}`,
    });
    const ready = await this.frame(({ data: event }) => READY.includes(event?.eventType));
    await this.send({ messageId: ready.id, type: 'ack' });
  }

  /** The next frame of a kind. */
  async frame(wanted: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      if (this.#flaw !== null) throw new Failed(this.#flaw);
      const at = this.#frames.findIndex(wanted);
      const [found] = at < 0 ? [] : this.#frames.splice(at, 1);
      if (found !== undefined) return found;
      await this.#within(this.#changed.promise, 'no such frame comes');
    }
  }

  /** Whether such a frame came and was not taken. */
  has(wanted: (frame: Frame) => boolean): boolean {
    return this.#frames.some(wanted);
  }

  /** Null when none came in that time. */
  async frameWithin(ms: number): Promise<Frame | null> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await Promise.race([promise, this.#changed.promise]);
    clearTimeout(timer);
    return this.#frames[0] ?? null;
  }

  /** The close code. */
  async closed(): Promise<number> {
    return await this.#within(this.#closed.promise, 'the WebSocket is not closed');
  }

  close(): void {
    this.#socket.close();
  }

  async #within<T>(awaited: Promise<T>, otherwise: string): Promise<T> {
    const late = Promise.withResolvers<never>();
    const ms = this.#server.facts.withinMs ?? WITHIN_MS;
    const timer = setTimeout(() => late.reject(new Failed(otherwise)), ms);
    try {
      return await Promise.race([awaited, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  #take(data: unknown): void {
    const frame = typeof data === 'string' ? parsed(data) : null;
    const isPlain = frame?.type === 'ping' || frame?.type === 'pong';
    const schema = isPlain ? (frame.type === 'ping' ? 'PingFrame' : 'PongFrame') : 'EventFrame';
    this.#flaw ??= this.#server.judge.value(schema, frame)[0] ?? null;
    if (!isPlain && frame !== null) this.#flaw ??= this.#ids.has(frame.id) ? 'two events have one id' : null;
    if (frame !== null) {
      this.#ids.add(frame.id);
      this.#frames.push(frame);
    }
    this.#change();
  }

  #end(code: number): void {
    this.#opened.reject(new Failed('the WebSocket is refused'));
    this.#closed.resolve(code);
    this.#flaw ??= `the WebSocket was closed with ${code}`;
    this.#change();
  }

  #change(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    resolve();
  }
}

function parsed(text: string): Frame | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
