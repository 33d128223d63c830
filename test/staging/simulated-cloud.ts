import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { Agent, fetch, type Headers } from 'undici';
import { REAL_TIME, SteeredClock } from '../../src/staging/cloud/clock.ts';
import type { CloudContext, Happening } from '../../src/staging/cloud/cloud-context.ts';
import { type AppRegistration, openDirectory } from '../../src/staging/cloud/directory.ts';
import { Disk } from '../../src/staging/cloud/disk.ts';
import { graphControl } from '../../src/staging/cloud/graph/graph-control.ts';
import type { ExtendedProperty, GraphEvent } from '../../src/staging/cloud/graph/graph-event.ts';
import { graphService } from '../../src/staging/cloud/graph/graph-service.ts';
import { mintToken } from '../../src/staging/cloud/login/access-token.ts';
import { loginControl } from '../../src/staging/cloud/login/login-control.ts';
import { loginService } from '../../src/staging/cloud/login/login-service.ts';
import { MercuryHub } from '../../src/staging/cloud/webex/mercury-hub.ts';
import { webexControl } from '../../src/staging/cloud/webex/webex-control.ts';
import { webexService } from '../../src/staging/cloud/webex/webex-service.ts';
import type { TestTls } from '../net/test-certificate.ts';

export interface Call {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: AppRegistration | null;
}

/** What answers hold, as far as tests look; which of it is there depends on the call. */
export interface AnswerBody extends GraphEvent {
  readonly '@odata.context': string;
  readonly '@odata.nextLink'?: string;
  readonly value: readonly AnswerBody[];
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly '@event.existingEventId'?: string;
  };
  readonly '@odata.deltaLink'?: string;
  readonly '@removed'?: { readonly reason: string };
  readonly singleValueExtendedProperties?: readonly ExtendedProperty[];
  readonly cancelledOccurrences?: readonly string[];
  readonly exceptionOccurrences?: readonly AnswerBody[];
  readonly language: { readonly locale: string };
  readonly userPurpose: string;
  readonly expirationDateTime: string;
  readonly clientState: string | null;
  readonly queued: number;
  readonly acknowledged: readonly { readonly item: { readonly resourceData: { readonly id: string } } }[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Null when the answer is something else. */
  readonly json: AnswerBody;
  readonly text: string;
}

export interface SimulatedCloud {
  readonly context: CloudContext;
  readonly happenings: Happening[];
  readonly directory: string;
  /** Calls Graph below /v1.0 as the appliance, or as whom `as` says; null sends no token. */
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /** Of Graph; with a slash before it of any part. */
  control(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Its state is lost, unless another one is to go on with it. */
  stop(o?: { readonly keepFiles: boolean }): Promise<void>;
}

export interface CloudOptions {
  /** Where the state is; a new directory when absent. */
  readonly directory?: string;
  readonly tls?: TestTls;
  /** Serves https as well instead of only trusting the authority for notifications. */
  readonly https?: boolean;
}

/** A simulated Microsoft 365, and Webex without its WebSockets, on a real socket, with real files. */
export async function startCloud(options: CloudOptions = {}): Promise<SimulatedCloud> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'cloud-'));
  const disk = new Disk(directory);
  const app = new Hono();
  const listener = getRequestListener(app.fetch);
  const { tls, https = false } = options;
  const server =
    https && tls !== undefined
      ? createTlsServer({ cert: tls.certPem, key: tls.keyPem }, listener)
      : createPlainServer(listener);
  const baseUrl = `${https ? 'https' : 'http'}://127.0.0.1:${await listenOn(server)}`;
  const happenings: Happening[] = [];
  const context: CloudContext = {
    disk,
    baseUrl,
    clock: new SteeredClock(REAL_TIME),
    directory: openDirectory(disk),
    caPem: tls?.caPem ?? '',
    tell: (happening) => happenings.push(happening),
  };
  const line = new Agent({ connect: { ca: tls?.caPem ?? '' } });
  const graph = graphService(context);
  const parts = [loginService(context), loginControl(context), graph.app, graphControl(context)];
  const webex = [webexControl(context), webexService(context, new MercuryHub(context))];
  for (const part of [...parts, ...webex]) app.route('/', part);
  graph.start();
  return {
    context,
    happenings,
    directory,
    call: async (method, path, call = {}) => {
      const headers: Record<string, string> = { 'content-type': 'application/json', ...call.headers };
      const as = call.as === undefined ? context.directory.appliance : call.as;
      if (as !== null) headers.authorization ??= `Bearer ${mintToken(context, as)}`;
      const url = path.startsWith('http') ? path : `${baseUrl}/v1.0${path}`;
      return await send(line, method, url, headers, call.body);
    },
    control: async (method, path, body) => {
      const headers = { 'content-type': 'application/json' };
      const place = path.startsWith('/') ? path : `/graph/${path}`;
      return await send(line, method, `${baseUrl}/control${place}`, headers, body);
    },
    stop: async ({ keepFiles } = { keepFiles: false }) => {
      if (!server.listening) return;
      await line.destroy();
      await graph.stop();
      server.closeAllConnections();
      server.close();
      disk.close();
      if (!keepFiles) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Starts on a free port of the loopback and tells which. */
export async function listenOn(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function send(
  dispatcher: Agent,
  method: string,
  url: string,
  headers: Record<string, string>,
  body: unknown,
): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const sent = body === undefined ? {} : { body: text };
  const response = await fetch(url, { method, headers, dispatcher, ...sent });
  const answered = await response.text();
  const isJson = /^application\/json\b/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    json: isJson ? JSON.parse(answered) : null,
    text: answered,
  };
}
