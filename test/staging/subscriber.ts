import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:https';
import type { TestTls } from '../net/test-certificate.ts';
import { listenOn } from './simulated-cloud.ts';

/** One notification. */
export interface Item {
  readonly subscriptionId: string;
  readonly changeType: 'created' | 'updated' | 'deleted';
  readonly resource: string;
  readonly resourceData: { readonly id: string; readonly '@odata.etag': string };
  readonly clientState: string | null;
}

export interface Subscriber {
  readonly url: string;
  /** Decoded tokens of handshakes, with the path they came to. */
  readonly handshakes: { readonly path: string; readonly token: string; readonly contentType: string }[];
  readonly batches: { readonly value: readonly Item[] }[];
  /** Statuses for the next notifications; then 202. */
  readonly statuses: number[];
  /** Spoils the answer to handshakes. */
  spoil: ((token: string) => string) | null;
  /** All accepted items, once there are that many. */
  items(count: number): Promise<Item[]>;
  /** Waits until so many notification requests came, answered well or not. */
  requests(count: number): Promise<void>;
  stop(): void;
}

/** A real https receiver of change notifications. */
export async function startSubscriber(tls: TestTls): Promise<Subscriber> {
  const events = new EventEmitter();
  const accepted: Item[] = [];
  let requests = 0;
  const server = createServer({ cert: tls.certPem, key: tls.keyPem }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? '/', 'https://subscriber');
    const token = url.searchParams.get('validationToken');
    if (token !== null) {
      const contentType = request.headers['content-type'] ?? '';
      subscriber.handshakes.push({ path: url.pathname, token, contentType });
      response.setHeader('content-type', 'text/plain');
      response.end(subscriber.spoil === null ? token : subscriber.spoil(token));
      return;
    }
    const batch = JSON.parse(Buffer.concat(chunks).toString());
    const status = subscriber.statuses.shift() ?? 202;
    requests += 1;
    subscriber.batches.push(batch);
    if (status < 300) accepted.push(...batch.value);
    response.statusCode = status;
    response.end(() => events.emit('request'));
  });
  const until = async (reached: () => boolean): Promise<void> => {
    while (!reached()) await once(events, 'request');
  };
  const subscriber: Subscriber = {
    url: `https://127.0.0.1:${await listenOn(server)}`,
    handshakes: [],
    batches: [],
    statuses: [],
    spoil: null,
    items: async (count) => {
      await until(() => accepted.length >= count);
      return accepted;
    },
    requests: async (count) => await until(() => requests >= count),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return subscriber;
}
