import type { CloudContext } from '../cloud-context.ts';
import type { Table } from '../disk.ts';
import { type Acknowledgement, Acknowledgements } from './acknowledgements.ts';
import { Disorder, type DisorderShares } from './disorder.ts';
import type { SubscriberClient } from './subscriber-client.ts';

interface Waiting {
  readonly id: string;
  readonly url: string;
  readonly item: object;
  /** Real epoch milliseconds: the four hours of patience belong to sockets, not to the simulated clock. */
  readonly queuedAt: number;
  /** Real epoch milliseconds before which it is not sent. */
  readonly notBefore: number;
}

interface Lane {
  waiting: Waiting[];
  busy: Promise<void> | null;
  failures: number;
  /** Runs while the lane pauses after a failure. */
  timer: NodeJS.Timeout | null;
  /** Rings when the next notification that is held back may go. */
  bell: NodeJS.Timeout | null;
}

const FIRST_TIMEOUT_MS = 3_000;
const RETRY_TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const PATIENCE_MS = 4 * 3_600_000;
const MOST_AT_ONCE = 100;

/**
 * Delivers notifications at least once: they wait on disk until the subscriber answers 2xx (reference: graph.md 2.4). Each URL
 * has one request in flight; what waits for it meanwhile goes together. What was acknowledged is kept on record, and shares of
 * the notifications can be told twice or out of order; both outlive a restart.
 */
export class Notifier {
  readonly #context: CloudContext;
  readonly #client: SubscriberClient;
  readonly #table: Table<Waiting>;
  readonly #acknowledged: Acknowledgements;
  readonly #disorder: Disorder;
  readonly #lanes = new Map<string, Lane>();
  #last = 0;
  #running = false;

  constructor(context: CloudContext, client: SubscriberClient) {
    this.#context = context;
    this.#client = client;
    this.#table = context.disk.table('graph-outbox');
    this.#acknowledged = new Acknowledgements(context.disk);
    this.#disorder = new Disorder(context.disk);
    for (const waiting of this.#table.all()) {
      this.#last = Math.max(this.#last, Number(waiting.id));
      this.#lane(waiting.url).waiting.push(waiting);
    }
  }

  /** Call it inside the transaction of the change: sending begins when the transaction is over. */
  queue(url: string, item: object): void {
    const queuedAt = Date.now();
    for (const holdMs of this.#disorder.holds()) {
      this.#last += 1;
      const waiting: Waiting = { id: String(this.#last), url, item, queuedAt, notBefore: queuedAt + holdMs };
      this.#table.put(waiting.id, waiting);
      this.#lane(url).waiting.push(waiting);
    }
    queueMicrotask(() => this.#pump(url));
  }

  /** Notifications that no subscriber has taken yet. */
  get backlog(): number {
    return this.#table.size;
  }

  /** The last 20,000 that a subscriber answered with 2xx, oldest first. */
  acknowledged(): readonly Acknowledgement[] {
    return this.#acknowledged.all();
  }

  /** How many of the notifications to come are told twice or held back. */
  get disorder(): DisorderShares {
    return this.#disorder.shares;
  }

  set disorder(shares: DisorderShares) {
    this.#disorder.shares = shares;
  }

  start(): void {
    this.#running = true;
    for (const url of this.#lanes.keys()) this.#pump(url);
  }

  /** What is undelivered stays on disk for the next start. */
  async stop(): Promise<void> {
    this.#running = false;
    for (const lane of this.#lanes.values()) {
      this.#disarm(lane);
      if (lane.bell !== null) clearTimeout(lane.bell);
    }
    await this.#client.close();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.busy));
  }

  #lane(url: string): Lane {
    const known = this.#lanes.get(url);
    if (known !== undefined) return known;
    const lane: Lane = { waiting: [], busy: null, failures: 0, timer: null, bell: null };
    this.#lanes.set(url, lane);
    return lane;
  }

  #pump(url: string): void {
    const lane = this.#lane(url);
    if (!this.#running || lane.busy !== null) return;
    this.#forgetOld(lane);
    const now = Date.now();
    const held = lane.waiting.filter(({ notBefore }) => notBefore > now);
    const due = held.length === 0 ? lane.waiting : lane.waiting.filter((one) => !held.includes(one));
    this.#setBell(url, lane, held, now);
    if (due.length === 0) return;
    lane.busy = this.#send(url, lane, due.slice(0, MOST_AT_ONCE)).then((taken) => {
      lane.busy = null;
      if (taken) this.#pump(url);
      else this.#pause(url, lane);
    });
  }

  async #send(url: string, lane: Lane, batch: readonly Waiting[]): Promise<boolean> {
    const body = JSON.stringify({ value: batch.map(({ item }) => item) });
    const timeout = lane.failures === 0 ? FIRST_TIMEOUT_MS : RETRY_TIMEOUT_MS;
    const answer = await this.#client
      .post(url, 'application/json; charset=utf-8', body, timeout)
      .catch(() => null);
    // Not even a delivery is noted once stopping has begun: the disk may be closed. The subscriber gets it twice then.
    if (!this.#running || answer === null || answer.status < 200 || answer.status > 299) return false;
    this.#context.disk.transaction(() => {
      const at = Date.now();
      for (const { item } of batch) this.#acknowledged.note({ at, url, item });
      this.#remove(lane, batch);
    });
    lane.failures = 0;
    this.#disarm(lane);
    return true;
  }

  #setBell(url: string, lane: Lane, held: readonly Waiting[], now: number): void {
    if (lane.bell !== null) clearTimeout(lane.bell);
    lane.bell = null;
    if (held.length === 0) return;
    const next = held.reduce((earliest, { notBefore }) => Math.min(earliest, notBefore), Infinity);
    lane.bell = setTimeout(() => this.#pump(url), Math.ceil(next - now));
    lane.bell.unref();
  }

  // A fresh notification is tried at once even while older ones pause, as each has its own retries at the real service.
  #pause(url: string, lane: Lane): void {
    if (!this.#running || lane.timer !== null) return;
    const pauseMs = FIRST_PAUSE_MS * 2 ** lane.failures;
    lane.failures += 1;
    lane.timer = setTimeout(() => {
      lane.timer = null;
      this.#pump(url);
    }, pauseMs);
    lane.timer.unref();
  }

  #forgetOld(lane: Lane): void {
    const old = lane.waiting.filter(({ queuedAt }) => Date.now() - queuedAt > PATIENCE_MS);
    if (old.length === 0) return;
    this.#remove(lane, old);
    this.#context.tell({ where: 'graph', what: `${old.length} notifications are given up after four hours` });
  }

  #remove(lane: Lane, gone: readonly Waiting[]): void {
    const ids = new Set(gone.map(({ id }) => id));
    this.#context.disk.transaction(() => {
      for (const id of ids) this.#table.delete(id);
    });
    lane.waiting = lane.waiting.filter(({ id }) => !ids.has(id));
  }

  #disarm(lane: Lane): void {
    if (lane.timer !== null) clearTimeout(lane.timer);
    lane.timer = null;
  }
}
