import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { SchedulingSettings } from '../../src/domain/decoration.ts';
import { DEFAULT_SETTINGS } from '../../src/domain/join-block/join-details.ts';
import { builtInRules } from '../../src/domain/join-target/built-in-rules.ts';
import type { MailboxRow } from '../../src/domain/rows.ts';
import { openCalendarSource } from '../../src/graph/calendar-source.ts';
import type { ClientCredential } from '../../src/graph/token.ts';
import { HttpClient } from '../../src/net/http-client.ts';
import { type Listening, listen } from '../../src/net/listen.ts';
import { steeredClock } from '../../src/ops/clock.ts';
import { systemRandom } from '../../src/ops/random.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';
import type { Person, Room } from '../../src/staging/cloud/directory.ts';
import { openStore } from '../../src/store/open.ts';
import { addMailbox } from '../../src/sync/add-mailbox.ts';
import { knownMailbox } from '../../src/sync/addresses.ts';
import { acceptHints, acceptLifecycle } from '../../src/sync/intake.ts';
import { PatientWrites } from '../../src/sync/patient-writes.ts';
import { HANDLERS, seedJobs } from '../../src/sync/start.ts';
import type { SyncDeps, SyncEvents } from '../../src/sync/sync-deps.ts';
import { Turns } from '../../src/sync/turns.ts';
import { type UpstreamChange, Upstreams } from '../../src/sync/upstreams.ts';
import { Worker } from '../../src/sync/worker.ts';
import { publicApp } from '../../src/web/public-listener.ts';
import { openWebexMeetings } from '../../src/webex/meetings.ts';
import { openWebexSpaces } from '../../src/webex/spaces.ts';
import { makeTestTls } from '../net/test-certificate.ts';
import { type SimulatedCloud, startCloud } from '../staging/simulated-cloud.ts';
import { PlayedKms } from './played-kms.ts';
import { PlayedWebex } from './played-webex.ts';
import { type Asked, RecordingClient } from './recording-client.ts';

const DAY_MS = 86_400_000;
const WAIT_MS = 15_000;
const LOOK_MS = 10;
/** Jobs that run or are about to; those of a mailbox in trouble rest. */
const RUNS_NOW = `state = 'leased' OR (run_at <= ? AND (kind LIKE '%-mailbox'
  OR NOT EXISTS (SELECT 1 FROM mailboxes AS m WHERE m.id = mailbox_id AND m.retry_at IS NOT NULL)))`;

const KEEPING: SchedulingSettings = { existingTarget: 'keep', sharing: { title: false, people: false } };

export interface ConnectedOptions {
  /** False: the calendars are asked, and nothing is told. */
  readonly webhooks?: boolean;
  readonly settleMs?: number;
  readonly scheduling?: SchedulingSettings;
  /** How the appliance proves itself, given the cloud; by its right secret when absent. */
  readonly credential?: (cloud: SimulatedCloud) => Promise<ClientCredential>;
}

/**
 * The Microsoft half of the appliance, whole: public listener, store, worker, jobs and adapter over real sockets against the
 * simulated Graph, both on one steered clock. KMS and Webex are played by a few lines, but for meetings and spaces: these are the
 * simulated Webex’.
 */
export class ConnectedRig {
  readonly cloud: SimulatedCloud;
  readonly deps: SyncDeps;
  worker: Worker;
  readonly webex: PlayedWebex;
  readonly kms = new PlayedKms();
  readonly http: RecordingClient;
  /** Statuses of the public listener's answers. */
  readonly answers: number[] = [];
  /** Pauses of upstreams and their ends. */
  readonly changes: UpstreamChange[] = [];
  readonly #store: ReturnType<typeof openStore>;
  readonly #clock = steeredClock();
  readonly #webexHttp: HttpClient;
  readonly dataDir: string;

  private constructor(
    cloud: SimulatedCloud,
    dataDir: string,
    url: string,
    credential: ClientCredential,
    options: ConnectedOptions,
  ) {
    const random = systemRandom();
    const clock = this.#clock;
    const { directory, baseUrl, caPem } = cloud.context;
    this.cloud = cloud;
    const known = new Map(directory.people.map(({ address, webexUserId }) => [address, webexUserId]));
    this.webex = new PlayedWebex((address) => known.get(address) ?? `webex-of-${address}`);
    this.dataDir = dataDir;
    this.#store = openStore({ dataDir, clock, random });
    const upstreams = new Upstreams(clock, random, [], (change) => this.changes.push(change));
    this.http = new RecordingClient(baseUrl, caPem, () => upstreams.succeeded('graph'));
    const source = openCalendarSource({
      http: this.http,
      loginUrl: baseUrl,
      graphUrl: baseUrl,
      tenantId: directory.tenantId,
      clientId: directory.appliance.clientId,
      credential,
      clock,
      random,
    });
    this.#webexHttp = new HttpClient({ upstream: 'webex', allowedOrigins: [baseUrl], caPem });
    const token = (): string => directory.serviceApp.token;
    const rest = { http: this.#webexHttp, token, clock, random, apiUrl: `${baseUrl}/v1` };
    this.deps = {
      settings: settingsOf(directory.tenantId, url, options),
      store: this.#store,
      clock,
      random,
      graph: source,
      kms: this.kms,
      webex: this.webex.directory,
      meetings: openWebexMeetings(rest),
      spaces: openWebexSpaces(rest),
      sink: this.webex.sink,
      events: new Proxy({} as SyncEvents, { get: () => () => undefined }),
      upstreams,
      turns: new Turns(),
      webexTokenEndsAt: () => null,
      wake: () => this.worker.wake(),
    };
    this.worker = this.successor();
  }

  /** A worker after the last one, which was stopped. */
  successor(): Worker {
    const writes = new PatientWrites(this.#store, this.#clock, this.deps.events);
    this.worker = new Worker(this.deps, HANDLERS, writes);
    return this.worker;
  }

  static async start(t: TestContext, options: ConnectedOptions = {}): Promise<ConnectedRig> {
    await sodiumReady();
    const tls = await makeTestTls();
    const cloud = await startCloud({ tls, https: true });
    const dataDir = mkdtempSync(join(tmpdir(), 'connected-'));
    const fetch = async (request: Request): Promise<Response> => {
      const answer = await app.fetch(request);
      rig.answers.push(answer.status);
      return answer;
    };
    const listening = await listen({ fetch, host: '127.0.0.1', port: 0, tls });
    const credential = await (options.credential ?? rightSecret)(cloud);
    const rig = new ConnectedRig(cloud, dataDir, listening.url, credential, options);
    const app = rig.#public();
    seedJobs(rig.deps);
    rig.worker.start();
    t.after(() => rig.#stop(listening, dataDir));
    return rig;
  }

  /** The n-th person of the simulated tenant. */
  person(n: number): Person {
    const found = this.cloud.context.directory.people[n];
    if (found === undefined) throw new Error(`there is no person ${n}`);
    return found;
  }

  /** The n-th room. */
  room(n: number): Room {
    const found = this.cloud.context.directory.rooms[n];
    if (found === undefined) throw new Error(`there is no room ${n}`);
    return found;
  }

  /** Adds mailboxes of people and rooms and waits until they are watched and have been read once. */
  async watch(...people: readonly Pick<Person, 'address'>[]): Promise<void> {
    const rooms = this.cloud.context.directory.rooms.map(({ address }) => address);
    for (const { address } of people)
      await addMailbox(this.deps, address, rooms.includes(address) ? 'room' : 'person');
    for (const one of people) await this.until(async () => (await this.mailbox(one)).state === 'activated');
    await this.settled();
  }

  async mailbox({ address }: Pick<Person, 'address'>): Promise<MailboxRow> {
    const id = await knownMailbox(this.deps, address);
    const row = this.#store.read((r) => r.mailbox(id));
    if (row === null) throw new Error('this mailbox is not enabled');
    return row;
  }

  /** Moves the time of both sides on and lets the worker look. */
  jump(ms: number): void {
    this.#clock.steer(this.cloud.context.clock.steer({ jumpMs: ms }));
    this.worker.wake();
  }

  /** Calls to Graph so far, in their order; `length = 0` forgets them. */
  get asked(): Asked[] {
    return this.http.asked;
  }

  /** Those whose `METHOD path` matches. */
  calls(pattern: RegExp): Asked[] {
    return this.asked.filter(({ method, path }) => pattern.test(`${method} ${path}`));
  }

  /** Waits until every notification is taken and no job runs or is due. */
  async settled(): Promise<void> {
    await this.until(async () => {
      const { json } = await this.cloud.control('GET', 'notifications');
      return Reflect.get(json, 'waiting') === 0 && this.jobs(RUNS_NOW).length === 0;
    });
  }

  /** Open jobs as `kind state reason`; the condition may ask for the present time. */
  jobs(condition = '? > 0'): string[] {
    const sql = `SELECT kind, state, reason FROM jobs WHERE state IN ('waiting', 'leased') AND (${condition})`;
    const rows = this.#store.database.prepare(sql).all(this.#clock.now());
    return rows.map((row) => Object.values(Object(row)).filter(Boolean).join(' '));
  }

  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = performance.now() + WAIT_MS;
    while (!(await condition())) {
      if (performance.now() > deadline)
        throw new Error(`waited in vain; open jobs: ${this.jobs().join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  #public() {
    const { deps } = this;
    return publicApp({
      tenantId: deps.settings.tenantId,
      clock: deps.clock,
      subscription: (id) => deps.store.read((r) => r.subscription(id)),
      accept: (hints) => acceptHints(deps, hints),
      acceptLifecycle: (items) => acceptLifecycle(deps, items),
      count: () => undefined,
      answered: () => undefined,
    });
  }

  async #stop(listening: Listening, dataDir: string): Promise<void> {
    await this.worker.stop();
    await listening.close();
    await this.http.close();
    await this.#webexHttp.close();
    await this.cloud.stop();
    this.#store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function rightSecret({ context }: SimulatedCloud): Promise<ClientCredential> {
  return { kind: 'secret', secret: context.directory.appliance.clientSecret };
}

function settingsOf(
  tenantId: string,
  url: string,
  { webhooks = true, settleMs = 0, scheduling = KEEPING }: ConnectedOptions,
): SyncDeps['settings'] {
  return {
    tenantId,
    applianceUserId: 'appliance',
    webhooks: webhooks
      ? { notification: `${url}/graph/notifications`, lifecycle: `${url}/graph/lifecycle` }
      : null,
    settleMs,
    settleMaxMs: 10 * settleMs,
    deltaPace: { fastMs: 60_000, slowMs: 300_000 },
    safetyNetMs: 15 * 60_000,
    presencePollMs: 10 * 60_000,
    windowBackMs: DAY_MS,
    windowAheadMs: 31 * DAY_MS,
    keyRotationMs: 30 * DAY_MS,
    reminderLeadMs: 5 * 60_000,
    fieldEncryption: 'A256GCM',
    joinRules: builtInRules(),
    scheduling,
    joinBlock: DEFAULT_SETTINGS,
    credentialEndsAt: null,
  };
}
