import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import type { HostTraffic } from '../domain/egress.ts';
import { originOf } from './allow-list.ts';

/** What of a socket is counted. */
type Counted = Pick<Socket, 'bytesWritten' | 'bytesRead'>;

interface Tally {
  lastUsedAt: number;
  bytesOut: number;
  bytesIn: number;
  /** Sockets that still count. */
  readonly open: Set<Counted>;
}

/**
 * Bytes that went out to one upstream and came in, by origin, and when one was last used. Counted at the sockets: all that HTTP
 * says, headers and addresses included, before TLS wraps it. Kept in memory, since the start.
 */
export class Traffic {
  readonly #now: () => number;
  readonly #tallies = new Map<string, Tally>();

  constructor(now: () => number) {
    this.#now = now;
  }

  of(origin: string): HostTraffic {
    const tally = this.#tallies.get(originOf(origin) ?? '');
    if (tally === undefined) return { lastUsedAt: null, bytesOut: 0, bytesIn: 0 };
    const open = [...tally.open];
    return {
      lastUsedAt: tally.lastUsedAt,
      bytesOut: open.reduce((sum, socket) => sum + socket.bytesWritten, tally.bytesOut),
      bytesIn: open.reduce((sum, socket) => sum + socket.bytesRead, tally.bytesIn),
    };
  }

  /** Something is sent to this origin now, or came from it. */
  used(origin: string): void {
    this.#tally(origin).lastUsedAt = this.#now();
  }

  /** A connector of undici whose sockets are counted. */
  connector(options: buildConnector.BuildOptions): buildConnector.connector {
    const connect = buildConnector(options);
    return (target, callback) => {
      connect(target, (...outcome) => {
        const [, socket] = outcome;
        // Where nobody listens there is none, whatever the types say: null, or nothing at all.
        if (socket) this.#count(`${target.protocol}//${target.host ?? target.hostname}`, socket);
        callback(...outcome);
      });
    };
  }

  #count(origin: string, socket: Socket): void {
    const tally = this.#tally(origin);
    tally.open.add(socket);
    socket.once('close', () => {
      tally.open.delete(socket);
      tally.bytesOut += socket.bytesWritten;
      tally.bytesIn += socket.bytesRead;
    });
  }

  #tally(origin: string): Tally {
    const name = originOf(origin) ?? origin;
    const known = this.#tallies.get(name);
    if (known !== undefined) return known;
    const fresh: Tally = { lastUsedAt: this.#now(), bytesOut: 0, bytesIn: 0, open: new Set() };
    this.#tallies.set(name, fresh);
    return fresh;
  }
}
