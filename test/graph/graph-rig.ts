import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { CalendarSource } from '../../src/domain/ports.ts';
import { openCalendarSource } from '../../src/graph/calendar-source.ts';
import { HttpClient } from '../../src/net/http-client.ts';
import { realClock } from '../../src/ops/clock.ts';
import { systemRandom } from '../../src/ops/random.ts';
import { makeTestTls } from '../net/test-certificate.ts';

export const TENANT = '0f6c2a54-8a1e-4d53-b3de-6a5d0d3a1c11';
export const GUID = 'fb10ac13-e441-4611-8431-8ee3b6403673';

export interface Asked {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
  /** Cuts the connection instead of answering. */
  readonly cut?: boolean;
}

export type Script = (asked: Asked) => Answer | Promise<Answer>;

export interface GraphRig extends AsyncDisposable {
  readonly origin: string;
  readonly source: CalendarSource;
  /** Calls to Graph, without those to the login. */
  readonly asked: Asked[];
  /** How long the adapter wanted to wait, in milliseconds; here it never really does. */
  readonly slept: number[];
  /** Form bodies of the token requests. */
  readonly tokenForms: URLSearchParams[];
  graph: Script;
  login: Script;
}

/** A hand-written login and Graph on one HTTPS origin, and the adapter against them. */
export async function makeGraphRig(graph: Script): Promise<GraphRig> {
  const tls = await makeTestTls();
  const server = createServer({ cert: tls.certPem, key: tls.keyPem }, async (request, response) => {
    const body = await Array.fromAsync(request).then((chunks) => Buffer.concat(chunks).toString());
    const asked = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
    const answer = await answerOf(rig, asked);
    if (answer.cut === true) {
      request.socket.destroy();
      return;
    }
    const type = answer.json === undefined ? {} : { 'content-type': 'application/json' };
    response.writeHead(answer.status ?? 200, { ...type, ...answer.headers });
    response.end(answer.text ?? (answer.json === undefined ? '' : JSON.stringify(answer.json)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const http = new HttpClient({ upstream: 'graph', allowedOrigins: [origin], caPem: tls.caPem });
  const slept: number[] = [];
  const clock = { ...realClock(), sleep: async (ms: number) => void slept.push(ms) };
  const source = openCalendarSource({
    http,
    loginUrl: origin,
    graphUrl: origin,
    tenantId: TENANT,
    clientId: 'b7c0e0b8-6c4c-4a43-a6f2-7f5f2b3f6f10',
    credential: { kind: 'secret', secret: 'the secret' },
    clock,
    random: systemRandom(),
  });
  const rig: GraphRig = {
    origin,
    source,
    asked: [],
    slept,
    tokenForms: [],
    graph,
    login: () => ({
      json: { token_type: 'Bearer', expires_in: 3599, access_token: `token-${rig.tokenForms.length}` },
    }),
    [Symbol.asyncDispose]: async () => {
      await http.close();
      server.close();
      server.closeAllConnections();
    },
  };
  return rig;
}

function answerOf(rig: GraphRig, asked: Asked): Answer | Promise<Answer> {
  if (asked.url.includes('/.well-known/openid-configuration')) return { json: discovery(rig.origin) };
  if (asked.url.includes('/oauth2/v2.0/token')) {
    rig.tokenForms.push(new URLSearchParams(asked.body));
    return rig.login(asked);
  }
  rig.asked.push(asked);
  return rig.graph(asked);
}

function discovery(origin: string): object {
  const root = `${origin}/${TENANT}`;
  return {
    issuer: `${root}/v2.0`,
    authorization_endpoint: `${root}/oauth2/v2.0/authorize`,
    token_endpoint: `${root}/oauth2/v2.0/token`,
    jwks_uri: `${root}/discovery/v2.0/keys`,
  };
}

/** Graph's error body. */
export function refusal(status: number, code: string, message = 'secret text of upstream'): Answer {
  return { status, json: { error: { code, message, innerError: { 'request-id': 'x' } } } };
}

/** The smallest event Graph would send. */
export function eventJson(more: object = {}): object {
  return {
    '@odata.etag': 'W/"key-1"',
    id: 'AAMk=/+1',
    changeKey: 'key-1',
    type: 'singleInstance',
    subject: 'Planning',
    body: { contentType: 'html', content: '<p>x</p>' },
    start: { dateTime: '2026-12-01T10:00:00.0000000', timeZone: 'UTC' },
    end: { dateTime: '2026-12-01T10:30:00.0000000', timeZone: 'UTC' },
    ...more,
  };
}
