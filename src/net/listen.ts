import {
  createServer as createHttp,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import { isIPv6 } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Drain } from './drain.ts';
import { acquireSocketPath, bindPrivately } from './unix-socket.ts';

/** Limits against slow and greedy clients; Graph itself needs seconds and small headers. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 20_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1024,
} as const;
const IDLE_SOCKET_MS = 60_000;
const HANDSHAKE_MS = 10_000;
const MAX_CONNECTIONS = 1024;

/** Answers one request. `remoteAddress` is the peer of the TCP connection (empty on a unix socket). */
export type FetchHandler = (request: Request, remoteAddress: string) => Response | Promise<Response>;

export interface TcpListenOptions {
  readonly fetch: FetchHandler;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Null: plain HTTP, for a reverse proxy in front. */
  readonly tls: { readonly certPem: string; readonly keyPem: string } | null;
}

export interface UnixListenOptions {
  readonly fetch: FetchHandler;
  /** Made with mode 0600; a stale file of a dead process is removed, a living one is EADDRINUSE. */
  readonly socketPath: string;
}

export interface Listening {
  /** `https://host:port`, `http://host:port` or `unix:/path`. */
  readonly url: string;
  /** 0 on a unix socket. */
  readonly port: number;
  /** Accepts nothing new, answers what runs with `Connection: close`, destroys what is left after 5 s. */
  close(): Promise<void>;
}

/** Starts one listener. Rejects with Node's error (EADDRINUSE, EACCES, a bad PEM). */
export async function listen(o: TcpListenOptions | UnixListenOptions): Promise<Listening> {
  const tls = 'tls' in o ? o.tls : null;
  const drain = new Drain();
  const server = makeServer(requestListener(o.fetch, drain), tls);
  drain.watch(server);
  if ('socketPath' in o) return await listenUnix(server, drain, o.socketPath);
  await listening(server, () => server.listen({ host: o.host, port: o.port }));
  const port = portOf(server);
  const host = isIPv6(o.host) ? `[${o.host}]` : o.host;
  return {
    url: `${tls === null ? 'http' : 'https'}://${host}:${port}`,
    port,
    close: () => drain.close(server),
  };
}

async function listenUnix(server: Server, drain: Drain, socketPath: string): Promise<Listening> {
  await acquireSocketPath(socketPath);
  await listening(server, () => bindPrivately(server, socketPath));
  return { url: `unix:${socketPath}`, port: 0, close: () => drain.close(server) };
}

function makeServer(listener: RequestListener, tls: TcpListenOptions['tls']): Server {
  const server =
    tls === null
      ? createHttp(LIMITS, listener)
      : createHttps(
          {
            ...LIMITS,
            cert: tls.certPem,
            key: tls.keyPem,
            minVersion: 'TLSv1.2',
            handshakeTimeout: HANDSHAKE_MS,
          },
          listener,
        );
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(IDLE_SOCKET_MS);
  return server;
}

function requestListener(fetch: FetchHandler, drain: Drain): RequestListener {
  const answer = getRequestListener(
    (request, env) => fetch(request, env.incoming.socket.remoteAddress ?? ''),
    // A fault of the handler is logged where it happens; the stranger outside learns nothing of it.
    { overrideGlobalObjects: false, errorHandler: () => new Response(null, { status: 500 }) },
  );
  return (incoming: IncomingMessage, outgoing: ServerResponse) => {
    drain.begin(outgoing);
    void answer(incoming, outgoing);
  };
}

function listening(server: Server, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      resolve();
    });
    start();
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}
