import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const POLL_MS = 50;
const HARD_MS = 5_000;

/**
 * Ends a listener quickly and politely. Node's own `close` waits for keep-alive connections that turn idle after the call
 * (reference: engineering.md part D, 8), so idle ones are closed in a poll and running answers say `Connection: close`.
 */
export class Drain {
  readonly #answers = new Set<ServerResponse>();
  /** Raw connections, those in the middle of a TLS handshake too. */
  readonly #sockets = new Set<Socket>();
  #closing: Promise<void> | null = null;

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  begin(answer: ServerResponse): void {
    if (this.#closing !== null) answer.setHeader('Connection', 'close');
    this.#answers.add(answer);
    answer.once('close', () => this.#answers.delete(answer));
  }

  /** Resolves when every connection is gone, after 5 s at the latest. A second call joins the first. */
  close(server: Server): Promise<void> {
    this.#closing ??= this.#close(server);
    return this.#closing;
  }

  async #close(server: Server): Promise<void> {
    for (const answer of this.#answers) if (!answer.headersSent) answer.setHeader('Connection', 'close');
    const poll = setInterval(() => server.closeIdleConnections(), POLL_MS);
    const hard = setTimeout(() => this.#destroyAll(server), HARD_MS);
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
    clearInterval(poll);
    clearTimeout(hard);
  }

  #destroyAll(server: Server): void {
    server.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
  }
}
