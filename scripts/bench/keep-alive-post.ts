import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';

/** One kept-alive connection that posts one body after the other. Barely costs anything, so that the server is measured. */
class Connection {
  readonly #socket: Socket;
  #received = '';
  #waiting: PromiseWithResolvers<number> | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (text: string) => this.#receive(text));
    socket.on('close', () => this.#waiting?.reject(new Error('the server closed a connection')));
  }

  post(request: string): Promise<number> {
    this.#waiting = Promise.withResolvers<number>();
    this.#socket.write(request);
    return this.#waiting.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  // The answers measured here have no body.
  #receive(text: string): void {
    this.#received += text;
    if (!this.#received.endsWith(HEAD_END)) return;
    const status = Number(this.#received.slice(9, 12));
    this.#received = '';
    this.#waiting?.resolve(status);
  }
}

export interface Answered {
  /** Milliseconds from the instant at which the request was due to the end of its answer. */
  readonly latencies: readonly number[];
  /** Answers with another status than 202. */
  readonly refused: number;
}

/** Many kept-alive connections to one notification address. */
export class Posters {
  readonly #connections: readonly Connection[];
  readonly #request: () => string;

  private constructor(connections: readonly Connection[], request: () => string) {
    this.#connections = connections;
    this.#request = request;
  }

  /** `body` makes the next request's body. */
  static async open(port: number, connections: number, body: () => string): Promise<Posters> {
    const sockets = Array.from({ length: connections }, () => connect(port, '127.0.0.1'));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    return new Posters(
      sockets.map((socket) => new Connection(socket)),
      () => requestText(body()),
    );
  }

  /** As fast as the server answers; operations per second. */
  async flood(ms: number): Promise<number> {
    const begin = performance.now();
    let count = 0;
    const pump = async (connection: Connection): Promise<void> => {
      while (performance.now() - begin < ms) {
        assertAccepted(await connection.post(this.#request()));
        count += 1;
      }
    };
    await Promise.all(this.#connections.map(pump));
    return (count * 1000) / (performance.now() - begin);
  }

  /** Offers requests at a fixed rate, whether or not earlier ones were answered; what waits for a connection waits on the clock. */
  async offer(perSecond: number, seconds: number): Promise<Answered> {
    const total = perSecond * seconds;
    const latencies: number[] = [];
    const begin = performance.now();
    const due = (n: number): number => begin + (n * 1000) / perSecond;
    let next = 0;
    let refused = 0;
    const pump = async (connection: Connection): Promise<void> => {
      while (next < total) {
        const mine = next;
        next += 1;
        await until(due(mine));
        if ((await connection.post(this.#request())) !== 202) refused += 1;
        latencies.push(performance.now() - due(mine));
      }
    };
    await Promise.all(this.#connections.map(pump));
    return { latencies, refused };
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }
}

function requestText(body: string): string {
  return `POST /graph/notifications HTTP/1.1\r\nHost: appliance.example\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

function assertAccepted(status: number): void {
  if (status !== 202) throw new Error(`a notification was answered ${status} instead of 202`);
}

async function until(instant: number): Promise<void> {
  const left = instant - performance.now();
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
}
