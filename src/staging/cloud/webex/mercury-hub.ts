import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { deviceTable, deviceUrl, type WebexDevice } from './device-table.ts';
import { standingReminders } from './reminder-store.ts';
import { accountOfToken } from './webex-token.ts';

const AUTHORIZATION = z.object({
  id: z.string().min(1),
  type: z.literal('authorization'),
  data: z.object({ token: z.string().startsWith('Bearer ') }),
});
const LATER = z.union([
  z.object({ type: z.literal('ping'), id: z.string().min(1) }),
  z.object({ type: z.literal('pong'), id: z.string().min(1) }),
  z.object({ type: z.literal('ack'), messageId: z.string().min(1) }),
]);

interface Connection {
  readonly device: WebexDevice;
  readonly socket: WebSocket;
  sequence: number;
}

/** The event WebSockets of registered devices (reference: webex.md 1.9). What happens while a device is away is not kept for it, but for
 * the Join buttons that stand when it connects. */
export class MercuryHub {
  readonly #context: CloudContext;
  readonly #authorizeWithinMs: number;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 });
  /** By device id; only authorised ones. */
  readonly #connections = new Map<string, Connection>();

  /** `authorizeWithinMs`: real milliseconds within which the first frame has to arrive. */
  constructor(context: CloudContext, authorizeWithinMs = 10_000) {
    this.#context = context;
    this.#authorizeWithinMs = authorizeWithinMs;
  }

  /** True when the path was ours (then the socket is taken, or refused with 404 for a device that is not registered). */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const id = /^\/mercury\/([^/?]+)(?:\?|$)/.exec(request.url ?? '')?.[1];
    if (id === undefined) return false;
    const device = deviceTable(this.#context).get(id);
    if (device === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return true;
    }
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#await(device, opened));
    return true;
  }

  /** Sends an event to the connected devices of a user, or to one of them. Returns how many sockets it was written to. */
  push(webexUserId: string, data: object, onlyDeviceUrl?: string): number {
    let sent = 0;
    for (const connection of this.#connections.values()) {
      if (connection.device.userId !== webexUserId) continue;
      if (onlyDeviceUrl !== undefined && deviceUrl(this.#context, connection.device.id) !== onlyDeviceUrl)
        continue;
      this.#send(connection, data);
      sent += 1;
    }
    return sent;
  }

  /** Drops the socket of a device that was unregistered. */
  disconnect(deviceId: string): void {
    this.#connections.get(deviceId)?.socket.close(4404, 'device removed');
  }

  /** Ends every socket at once, as a dying process does. */
  close(): void {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }

  #await(device: WebexDevice, socket: WebSocket): void {
    const tooLate = setTimeout(() => socket.close(4401, 'not authorized in time'), this.#authorizeWithinMs);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => clearTimeout(tooLate));
    socket.once('message', (raw, isBinary) => {
      clearTimeout(tooLate);
      this.#authorize(device, socket, isBinary ? null : parse(raw));
    });
  }

  #authorize(device: WebexDevice, socket: WebSocket, frame: unknown): void {
    const authorization = AUTHORIZATION.safeParse(frame).data;
    if (authorization === undefined) {
      socket.close(4400, 'authorization expected');
      return;
    }
    const account = accountOfToken(this.#context, authorization.data.token.slice('Bearer '.length));
    if (account === null) {
      socket.close(4401, 'unknown token');
      return;
    }
    if (account.userId !== device.userId) {
      socket.close(4403, 'device of another user');
      return;
    }
    this.#admit({ device, socket, sequence: 0 });
  }

  #admit(connection: Connection): void {
    const { device, socket } = connection;
    this.#connections.get(device.id)?.socket.close(4000, 'replaced');
    this.#connections.set(device.id, connection);
    socket.on('close', () => {
      if (this.#connections.get(device.id) === connection) this.#connections.delete(device.id);
    });
    socket.on('message', (raw, isBinary) => this.#receive(socket, isBinary ? null : parse(raw)));
    this.#send(connection, { eventType: 'mercury.buffer_state', bufferState: { locus: null } });
    for (const calendarReminderExternal of standingReminders(this.#context, device.userId))
      this.#send(connection, { eventType: 'calendar.reminder.create', calendarReminderExternal });
  }

  #receive(socket: WebSocket, frame: unknown): void {
    const understood = LATER.safeParse(frame).data;
    if (understood === undefined) {
      socket.close(1003, 'frame not understood');
      return;
    }
    if (understood.type === 'ping') socket.send(JSON.stringify({ id: understood.id, type: 'pong' }));
  }

  #send(connection: Connection, data: object): void {
    connection.sequence += 1;
    const id = randomUUID();
    const timestamp = this.#context.clock.now();
    const trackingId = `MERCURY_${id}`;
    const sequenceNumber = connection.sequence;
    connection.socket.send(JSON.stringify({ id, data, timestamp, trackingId, sequenceNumber }));
  }
}

function parse(raw: RawData): unknown {
  try {
    return JSON.parse(raw.toString());
  } catch {
    return null;
  }
}
