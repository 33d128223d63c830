import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { builtInRules } from '../../src/domain/join-target/built-in-rules.ts';
import type { Clock, Random } from '../../src/domain/ports.ts';
import type { SessionRow, SetupLinkRow } from '../../src/domain/rows.ts';
import type { StatusFacts } from '../../src/domain/status.ts';
import { type Listening, listen } from '../../src/net/listen.ts';
import { type AdminApp, type AdminDeps, adminApp } from '../../src/web/admin-listener.ts';
import { hashPassword } from '../../src/web/password.ts';
import { type SetupLinkStore, SetupLinks } from '../../src/web/setup-links.ts';
import { AUDIT_SAMPLE } from './audit-sample.ts';
import { EGRESS_SAMPLE } from './egress-sample.ts';
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

/** The rhythm of the status feed, beaten by the test. */
export class Pace {
  #waiting = Promise.withResolvers<void>();
  #goOn: () => void = () => undefined;

  pause(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#goOn = resolve;
    signal.addEventListener('abort', () => resolve(), { once: true });
    this.#waiting.resolve();
    return promise;
  }

  /** Resolves once the feed has looked, and rests. */
  async rest(): Promise<void> {
    await this.#waiting.promise;
  }

  /** Lets the feed look once more. */
  async turn(): Promise<void> {
    await this.rest();
    this.#waiting = Promise.withResolvers<void>();
    this.#goOn();
    await this.rest();
  }
}

export interface AdminRig {
  readonly listening: Listening;
  readonly clock: TestClock;
  readonly rows: Map<string, SessionRow>;
  readonly results: string[];
  readonly faults: unknown[];
  readonly links: string[];
  readonly setupLinks: SetupLinks;
  /** Names and hashes; ops is there from the start. */
  readonly admins: Map<string, string>;
  readonly pace: Pace;
  readonly app: AdminApp;
  facts: StatusFacts;
  /** How often addresses were opened for a reading. */
  openings: number;
  readonly retried: number[];
  /** What the audit log was told. */
  readonly acted: string[];
  ready: boolean;
}

/** The admin listener on a real socket, with one administrator called ops. */
export async function openAdmin(
  tls: { certPem: string; keyPem: string } | null = null,
  facts: StatusFacts = HEALTHY,
): Promise<AdminRig & AsyncDisposable> {
  const clock = new TestClock();
  const admins = new Map([['ops', await opsHash]]);
  const setupLinks = new SetupLinks({ clock, random: testRandom, setup: setupStore(admins) });
  const state = {
    clock,
    admins,
    setupLinks,
    pace: new Pace(),
    rows: new Map<string, SessionRow>(),
    results: [] as string[],
    faults: [] as unknown[],
    links: [] as string[],
    facts,
    openings: 0,
    retried: [] as number[],
    acted: [] as string[],
    ready: true,
  };
  const app = adminApp(depsOf(state));
  const listening = await listen({
    fetch: (incoming, remoteAddress) =>
      app.fetch(incoming, { remoteAddress: incoming.headers.get('x-test-address') ?? remoteAddress }),
    host: '127.0.0.1',
    port: 0,
    tls,
  });
  const dispose = async () => {
    app.close();
    await listening.close();
  };
  return Object.assign(state, { app, listening, [Symbol.asyncDispose]: dispose });
}

function depsOf(state: Omit<AdminRig, 'app' | 'listening'>): AdminDeps {
  const { clock, setupLinks } = state;
  return {
    clock,
    setupLinks,
    random: testRandom,
    lab: state.facts.lab,
    pause: (_, signal) => state.pace.pause(signal),
    status: async () => {
      state.openings += 1;
      return state.facts;
    },
    outline: () => state.facts,
    statusMark: () => markOf(state.facts),
    health: () => state.facts,
    retryMailbox: (id, actor) => {
      state.acted.push(`retry ${actor.who}`);
      return state.facts.mailboxes.some((one) => one.id === id) && state.retried.push(id) > 0;
    },
    signedOut: ({ who, from }) => void state.acted.push(`sign-out ${who} ${from}`),
    auditLog: () => AUDIT_SAMPLE.toReversed(),
    joinRules: builtInRules,
    egress: () => EGRESS_SAMPLE,
    metrics: async () => 'appliance_build_info 1\n',
    ready: () => state.ready,
    admins: {
      find: (name) => {
        const passwordHash = state.admins.get(name);
        return passwordHash === undefined ? null : { name, passwordHash };
      },
      any: () => state.admins.size > 0,
    },
    sessions: sessionsIn(state.rows),
    signedIn: (result, { admin, from }) => {
      state.results.push(result);
      state.acted.push(`${result} ${admin} ${from}`);
    },
    setupLink: (result) => void state.links.push(result),
    fault: (error) => void state.faults.push(error),
  };
}

const marks = new WeakMap<StatusFacts, string>();

/** Another mark for each other reading. */
function markOf(facts: StatusFacts): string {
  const mark = marks.get(facts) ?? crypto.randomUUID();
  marks.set(facts, mark);
  return mark;
}

function setupStore(admins: Map<string, string>): SetupLinkStore {
  let link: SetupLinkRow | null = null;
  return {
    link: () => link,
    putLink: (row) => {
      link = row;
    },
    anyAdmin: () => admins.size > 0,
    redeem: (_, name, passwordHash) => {
      link = null;
      admins.set(name, passwordHash);
      return true;
    },
  };
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
