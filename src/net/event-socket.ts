import { Agent, WebSocket } from 'undici';
import { allowedUrl } from './allow-list.ts';
import type { Traffic } from './traffic.ts';
import { trustedContext } from './trust.ts';

const CONNECT_MS = 10_000;
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

export interface EventSocket {
  /** Sends a text frame; silently nothing when the socket is not open. */
  send(text: string): void;
  /** Begins the closing handshake; the `close` handler follows. */
  close(code?: number): void;
}

export interface EventSocketHandlers {
  open(): void;
  /** Each text frame, and each binary frame read as UTF-8. */
  message(text: string): void;
  /** Called exactly once, also when the connection could not be made (then the code is 1006). */
  close(code: number, reason: string): void;
}

export interface EventSocketOptions {
  readonly url: string;
  readonly caPem?: string;
  /** Exact origins; `https://host` also allows `wss://host`. */
  readonly allowedOrigins: readonly string[];
  /** Where what goes out and comes in is counted. */
  readonly traffic?: Traffic;
}

/**
 * Opens the outgoing event WebSocket to Webex. Throws AppError `WEBEX_HOST_NOT_ALLOWED` when the host is not allowed; all
 * later faults arrive at the `close` handler.
 */
export function openEventSocket(o: EventSocketOptions, h: EventSocketHandlers): EventSocket {
  const url = allowedUrl(o.url, o.allowedOrigins, 'webex');
  const agent = webSocketAgent(o);
  const socket = new WebSocket(url, { dispatcher: agent, headers: { 'user-agent': 'hybrid-calendar' } });
  socket.binaryType = 'arraybuffer';
  const used = (): void => o.traffic?.used(url.origin);
  const message = (text: string): void => {
    used();
    h.message(text);
  };
  connectHandlers(socket, agent, { ...h, message });
  return {
    send: (text) => {
      if (socket.readyState !== socket.OPEN) return;
      used();
      socket.send(text);
    },
    close: (code) => socket.close(code ?? 1000),
  };
}

function webSocketAgent({ caPem, traffic }: EventSocketOptions): Agent {
  const secured = {
    secureContext: trustedContext(caPem),
    timeout: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelay: 20_000,
  };
  return new Agent({
    connections: 1,
    allowH2: false,
    connectTimeout: CONNECT_MS,
    connect: traffic?.connector({ ...secured, allowH2: false }) ?? secured,
    webSocket: { maxPayloadSize: MAX_MESSAGE_BYTES },
  });
}

function connectHandlers(socket: WebSocket, agent: Agent, h: EventSocketHandlers): void {
  let closed = false;
  const closeOnce = (code: number, reason: string): void => {
    if (closed) return;
    closed = true;
    // The agent lives for this one socket; without this its idle connection would hold the process.
    agent.destroy().catch(() => undefined);
    h.close(code, reason);
  };
  socket.addEventListener('open', () => h.open());
  socket.addEventListener('message', (event) => h.message(textOf(event.data)));
  socket.addEventListener('close', (event) => closeOnce(event.code, event.reason));
  // An error before opening is not followed by a close event in every case; whichever comes first counts.
  socket.addEventListener('error', () => {
    if (socket.readyState !== socket.OPEN) closeOnce(1006, '');
  });
}

function textOf(data: unknown): string {
  if (typeof data === 'string') return data;
  return data instanceof ArrayBuffer ? new TextDecoder().decode(data) : '';
}
