import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import type { Clock, Random } from '../../src/domain/ports.ts';
import type { SessionRow } from '../../src/domain/rows.ts';
import type { StatusFacts } from '../../src/domain/status.ts';
import { type Listening, listen } from '../../src/net/listen.ts';
import { type AdminDeps, adminApp } from '../../src/web/admin-listener.ts';
import { hashPassword } from '../../src/web/password.ts';
import { HEALTHY, NOW } from './status-samples.ts';

export const PASSWORD = 'correct horse battery';

/** A clock that stands until it is told to move. */
export class TestClock implements Clock {
  #now = NOW;

  now(): number {
    return this.#now;
  }

  monotonicMs(): number {
    return this.#now;
  }

  sleep(): Promise<void> {
    return Promise.resolve();
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

export const testRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  unit: () => 0.5,
  uuid: () => crypto.randomUUID(),
};

export interface AdminRig {
  readonly listening: Listening;
  readonly clock: TestClock;
  readonly rows: Map<string, SessionRow>;
  readonly results: string[];
  readonly faults: unknown[];
  facts: StatusFacts;
  ready: boolean;
}

/** The admin listener on a real socket, with one administrator called ops. */
export async function openAdmin(
  tls: { certPem: string; keyPem: string } | null = null,
): Promise<AdminRig & AsyncDisposable> {
  const state = {
    clock: new TestClock(),
    rows: new Map<string, SessionRow>(),
    results: [] as string[],
    faults: [] as unknown[],
    facts: HEALTHY,
    ready: true,
  };
  const ops = { name: 'ops', passwordHash: await opsHash };
  const deps: AdminDeps = {
    clock: state.clock,
    random: testRandom,
    status: () => Promise.resolve(state.facts),
    ready: () => state.ready,
    admins: { find: (name) => (name === 'ops' ? ops : null) },
    sessions: sessionsIn(state.rows),
    signedIn: (result) => state.results.push(result),
    fault: (error) => state.faults.push(error),
  };
  const app = adminApp(deps);
  const listening = await listen({
    fetch: (incoming, remoteAddress) =>
      app.fetch(incoming, { remoteAddress: incoming.headers.get('x-test-address') ?? remoteAddress }),
    host: '127.0.0.1',
    port: 0,
    tls,
  });
  return Object.assign(state, { listening, [Symbol.asyncDispose]: () => listening.close() });
}

const opsHash = hashPassword(PASSWORD, testRandom);

function sessionsIn(rows: Map<string, SessionRow>): AdminDeps['sessions'] {
  const key = (hash: Uint8Array) => Buffer.from(hash).toString('hex');
  return {
    get: (hash) => rows.get(key(hash)) ?? null,
    put: (row) => void rows.set(key(row.tokenHash), row),
    touch: (hash, now) => {
      const row = rows.get(key(hash));
      if (row !== undefined) rows.set(key(hash), { ...row, lastSeenAt: now });
    },
    delete: (hash) => void rows.delete(key(hash)),
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** One request with exactly these headers: `fetch` would add and refuse some. */
export function call(
  target: { url: string } | { socketPath: string },
  path: string,
  o: Call = {},
): Promise<Answer> {
  const options = { path, method: o.method ?? 'GET', headers: o.headers ?? {}, agent: false as const };
  return new Promise((resolve, reject) => {
    const outgoing =
      'socketPath' in target
        ? request({ ...options, socketPath: target.socketPath })
        : (target.url.startsWith('https:') ? requestTls : request)(target.url, options);
    outgoing.on('response', (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }),
      );
    });
    outgoing.on('error', reject).end(o.body);
  });
}

export const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' } as const;

/** Sends the sign-in form as a browser on the page would. */
export function signIn(
  rig: AdminRig,
  o: { name?: string; password?: string; address?: string; cookie?: string } = {},
): Promise<Answer> {
  const { name = 'ops', password = PASSWORD, address = '192.0.2.1', cookie } = o;
  return call(rig.listening, '/sign-in', {
    method: 'POST',
    headers: {
      ...SAME_ORIGIN,
      'content-type': 'application/x-www-form-urlencoded',
      'x-test-address': address,
      ...(cookie === undefined ? {} : { cookie }),
    },
    body: new URLSearchParams({ name, password }).toString(),
  });
}

/** `name=value` of the cookie that an answer sets. */
export function cookieOf(answer: Answer): string {
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}
