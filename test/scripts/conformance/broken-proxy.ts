import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, type Dispatcher, request } from 'undici';
import { WebSocket, WebSocketServer } from 'ws';
import type { RunningCloud } from '../../staging/running-cloud.ts';

export interface Asked {
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

// Frames are foreign JSON here: each variant spoils what it knows of.
// biome-ignore lint/suspicious/noExplicitAny: foreign JSON in tests
export type Frame = any;

/** How a proxy spoils what goes through it; a member that is absent spoils nothing. */
export interface Spoiling {
  /** An answer of its own in place of the server's, or null; may change what is asked. */
  readonly asked?: (asked: Asked) => Asked | Answered;
  readonly answered?: (asked: Asked, answer: Answered) => Answered;
  /** A frame from the cloud; null loses it. */
  readonly frame?: (frame: Frame) => Frame | null;
  /** Sent as soon as the socket is open. */
  readonly greeting?: object;
  /** The code that a socket is closed with. */
  readonly closeCode?: (code: number) => number;
}

/** A cloud side that is wrong in one way: the simulated one behind a proxy that spoils something. */
export class BrokenProxy implements AsyncDisposable {
  readonly #cloud: RunningCloud;
  readonly #spoiling: Spoiling;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #agent: Agent;

  private constructor(cloud: RunningCloud, spoiling: Spoiling) {
    this.#cloud = cloud;
    this.#spoiling = spoiling;
    this.#agent = new Agent({ connect: { ca: cloud.context.caPem } });
    this.#server = createServer((incoming, outgoing) => void this.#pass(incoming, outgoing));
    this.#server.on('upgrade', (incoming, socket, head) =>
      this.#sockets.handleUpgrade(incoming, socket, head, (near) => this.#join(near, incoming.url ?? '')),
    );
  }

  static async start(cloud: RunningCloud, spoiling: Spoiling): Promise<BrokenProxy> {
    const proxy = new BrokenProxy(cloud, spoiling);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    this.#server.close();
    this.#server.closeAllConnections();
    await this.#agent.destroy();
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const asked = await askedOf(incoming);
    const changed = this.#spoiling.asked?.(asked) ?? asked;
    const plain = 'status' in changed ? changed : await this.#forward(changed);
    const answer = this.#spoiling.answered?.(asked, plain) ?? plain;
    outgoing.writeHead(answer.status, answer.headers);
    outgoing.end(answer.body);
  }

  async #forward({ method, path, headers, body }: Asked): Promise<Answered> {
    const target = new URL(path, this.#cloud.context.baseUrl);
    const answer = await request(target, {
      dispatcher: this.#agent,
      method: method as Dispatcher.HttpMethod,
      headers,
      body: body === '' ? null : body,
    });
    const text = await answer.body.text();
    const kept = ['content-type', 'retry-after', 'trackingid'];
    const given = Object.entries(answer.headers).filter(([name]) => kept.includes(name));
    return {
      status: answer.statusCode,
      headers: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
      // The addresses of devices lead through the proxy, too.
      body: text
        .replaceAll(this.#cloud.context.baseUrl.replace('https', 'wss'), this.origin.replace('http', 'ws'))
        .replaceAll(this.#cloud.context.baseUrl, this.origin),
    };
  }

  /** Joins the appliance's socket with one to the cloud. */
  #join(near: WebSocket, path: string): void {
    const url = new URL(path, this.#cloud.context.baseUrl.replace('https', 'wss'));
    const far = new WebSocket(url, { ca: this.#cloud.context.caPem });
    const opened = once(far, 'open').catch(() => undefined);
    const { frame = (one: Frame) => one, greeting, closeCode = (code: number) => code } = this.#spoiling;
    if (greeting !== undefined) near.send(JSON.stringify(greeting));
    near.on('message', (data) => void opened.then(() => far.send(String(data))));
    near.on('close', () => far.close());
    far.on('error', () => near.terminate());
    far.on('message', (data) => {
      const passed = frame(JSON.parse(String(data)));
      if (passed !== null) near.send(JSON.stringify(passed));
    });
    far.on('close', (code, reason) => {
      const sent = closeCode(code);
      if (sent === 0) return;
      near.close(sent === 1005 || sent === 1006 ? 1000 : sent, String(reason));
    });
  }
}

async function askedOf(incoming: IncomingMessage): Promise<Asked> {
  const chunks = await Array.fromAsync(incoming);
  const wanted = ['authorization', 'content-type'];
  const given = Object.entries(incoming.headers).filter(([name]) => wanted.includes(name));
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks).toString(),
  };
}
