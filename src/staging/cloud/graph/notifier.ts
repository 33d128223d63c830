import type { CloudContext } from '../cloud-context.ts';
import type { Table } from '../disk.ts';
import type { SubscriberClient } from './subscriber-client.ts';

interface Waiting {
  readonly id: string;
  readonly url: string;
  readonly item: object;
  /** Real epoch milliseconds: the four hours of patience belong to sockets, not to the simulated clock. */
  readonly queuedAt: number;
}

interface Lane {
  waiting: Waiting[];
  busy: Promise<void> | null;
  failures: number;
  timer: NodeJS.Timeout | null;
}

const FIRST_TIMEOUT_MS = 3_000;
const RETRY_TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const PATIENCE_MS = 4 * 3_600_000;
const MOST_AT_ONCE = 100;

/**
 * Delivers notifications at least once: they wait on disk until the subscriber answers 2xx (reference: graph.md 2.4). Each URL
 * has one request in flight; what waits for it meanwhile goes together.
 */
export class Notifier {
  readonly #context: CloudContext;
  readonly #client: SubscriberClient;
  readonly #table: Table<Waiting>;
  readonly #lanes = new Map<string, Lane>();
  #last = 0;
  #running = false;

  constructor(context: CloudContext, client: SubscriberClient) {
    this.#context = context;
    this.#client = client;
    this.#table = context.disk.table('graph-outbox');
    for (const waiting of this.#table.all()) {
      this.#last = Math.max(this.#last, Number(waiting.id));
      this.#lane(waiting.url).waiting.push(waiting);
    }
  }

  /** Call it inside the transaction of the change: sending begins when the transaction is over. */
  queue(url: string, item: object): void {
    this.#last += 1;
    const waiting: Waiting = { id: String(this.#last), url, item, queuedAt: Date.now() };
    this.#table.put(waiting.id, waiting);
    this.#lane(url).waiting.push(waiting);
    queueMicrotask(() => this.#pump(url));
  }

  /** Notifications that no subscriber has taken yet. */
  get backlog(): number {
    return this.#table.size;
  }

  start(): void {
    this.#running = true;
    for (const url of this.#lanes.keys()) this.#pump(url);
  }

  /** What is undelivered stays on disk for the next start. */
  async stop(): Promise<void> {
    this.#running = false;
    for (const lane of this.#lanes.values()) this.#disarm(lane);
    await this.#client.close();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.busy));
  }

  #lane(url: string): Lane {
    const known = this.#lanes.get(url);
    if (known !== undefined) return known;
    const lane: Lane = { waiting: [], busy: null, failures: 0, timer: null };
    this.#lanes.set(url, lane);
    return lane;
  }

  #pump(url: string): void {
    const lane = this.#lane(url);
    if (!this.#running || lane.busy !== null) return;
    this.#forgetOld(lane);
    if (lane.waiting.length === 0) return;
    lane.busy = this.#send(url, lane).then((taken) => {
      lane.busy = null;
      if (taken) this.#pump(url);
      else this.#pause(url, lane);
    });
  }

  async #send(url: string, lane: Lane): Promise<boolean> {
    const batch = lane.waiting.slice(0, MOST_AT_ONCE);
    const body = JSON.stringify({ value: batch.map(({ item }) => item) });
    const timeout = lane.failures === 0 ? FIRST_TIMEOUT_MS : RETRY_TIMEOUT_MS;
    const answer = await this.#client
      .post(url, 'application/json; charset=utf-8', body, timeout)
      .catch(() => null);
    // Not even a delivery is noted once stopping has begun: the disk may be closed. The subscriber gets it twice then.
    if (!this.#running || answer === null || answer.status < 200 || answer.status > 299) return false;
    this.#remove(lane, batch);
    lane.failures = 0;
    this.#disarm(lane);
    return true;
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
