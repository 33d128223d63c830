import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A frame of the event WebSocket, as far as tests look. */
export interface Frame {
  readonly id: string;
  readonly type?: string;
  readonly sequenceNumber?: number;
  readonly trackingId?: string;
  readonly timestamp?: number;
  readonly data: {
    readonly eventType: string;
    readonly calendarMeetingExternal?: { readonly id: string } & Readonly<Record<string, unknown>>;
    readonly encryption?: { readonly kmsMessages: readonly string[]; readonly destination: string };
  };
}

/** The event WebSocket of a device, from outside. */
export class Device {
  /** What names the device in other services. */
  readonly url: string;
  readonly frames: Frame[] = [];
  /** The close code; 1006 also when the connection was refused. */
  readonly closed: Promise<number>;
  /** HTTP status of a refused connection. */
  refusal: number | undefined;
  readonly #socket: WebSocket;
  readonly #opened: Promise<unknown>;
  #changed = Promise.withResolvers<void>();

  constructor(webSocketUrl: string, caPem: string, url = '') {
    this.url = url;
    this.#socket = new WebSocket(webSocketUrl, { ca: caPem });
    this.#opened = once(this.#socket, 'open').catch(() => undefined);
    const { promise, resolve } = Promise.withResolvers<number>();
    this.closed = promise;
    this.#socket.on('error', () => undefined);
    this.#socket.on('unexpected-response', (request, response) => {
      this.refusal = response.statusCode;
      request.destroy();
      resolve(1006);
    });
    this.#socket.on('close', (code) => resolve(code));
    this.#socket.on('message', (raw) => this.#take(JSON.parse(raw.toString())));
  }

  authorize(token: string): void {
    this.send({ id: randomUUID(), type: 'authorization', data: { token: `Bearer ${token}` } });
  }

  /** Objects travel as JSON; sent as soon as the socket is open. */
  send(frame: object | string | Buffer): void {
    const isRaw = typeof frame === 'string' || Buffer.isBuffer(frame);
    void this.#opened.then(() => this.#socket.send(isRaw ? frame : JSON.stringify(frame)));
  }

  close(): void {
    this.#socket.close();
  }

  /** The first frame, arrived already or to come, that is as the condition wants it. */
  async frame(wanted: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.frames.find(wanted);
      if (found !== undefined) return found;
      await this.#changed.promise;
    }
  }

  async event(eventType: string): Promise<Frame> {
    return this.frame((frame) => frame.data?.eventType === eventType);
  }

  /** Resolves when everything that was sent to this device before has arrived. */
  async settle(): Promise<void> {
    const id = randomUUID();
    this.send({ type: 'ping', id });
    await this.frame((one) => one.type === 'pong' && one.id === id);
  }

  #take(frame: Frame): void {
    this.frames.push(frame);
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers();
    resolve();
  }
}

/** Registers a device of an account by that call, and opens its event WebSocket. */
export async function connectDevice(
  register: (
    body: object,
  ) => Promise<{ readonly json: { readonly webSocketUrl: string; readonly url: string } }>,
  caPem: string,
  token: string,
): Promise<Device> {
  const { json } = await register({ deviceName: 'test', deviceType: 'DESKTOP' });
  const device = new Device(json.webSocketUrl, caPem, json.url);
  device.authorize(token);
  await device.event('mercury.buffer_state');
  return device;
}
