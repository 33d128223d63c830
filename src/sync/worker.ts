import { asAppError } from '../domain/app-error.ts';
import type { JobKind, LeasedJob } from '../domain/job.ts';
import { afterFailure } from '../domain/retry.ts';
import type { SyncDeps } from './sync-deps.ts';

const LEASE_MS = 60_000;
const CONCURRENCY = 16;
const IDLE_MAX_MS = 1_000;

type Outcome = 'done' | 'retried' | 'paused' | 'dead';

export type Handlers = Readonly<Record<JobKind, (deps: SyncDeps, job: LeasedJob) => Promise<void>>>;

/** Leases due jobs, runs them, settles them. One loop; at most 16 jobs at a time. */
export class Worker {
  readonly #deps: SyncDeps;
  readonly #handlers: Handlers;
  readonly #running = new Map<number, { readonly kind: JobKind; readonly done: Promise<void> }>();
  readonly #stop = new AbortController();
  #woken = new AbortController();
  #loop: Promise<void> | null = null;

  constructor(deps: SyncDeps, handlers: Handlers) {
    this.#deps = deps;
    this.#handlers = handlers;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Something may be due: look at once. */
  wake(): void {
    this.#woken.abort();
  }

  /** Leases no more and waits for what runs. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.wake();
    await this.#loop;
    await Promise.all([...this.#running.values()].map((job) => job.done));
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#woken = new AbortController();
      const leased = this.#lease();
      for (const job of leased) this.#begin(job);
      if (leased.length === 0) await this.#deps.clock.sleep(this.#idleMs(), this.#woken.signal);
    }
  }

  #lease(): LeasedJob[] {
    const free = CONCURRENCY - this.#running.size;
    if (free <= 0) return [];
    const { store, clock } = this.#deps;
    const { open, probes } = this.#admitted();
    const now = clock.now();
    if (open.length === 0 && probes.length === 0) return [];
    return store.write((w) => {
      const jobs = open.length === 0 ? [] : w.lease(open, free, now, LEASE_MS);
      return jobs.length > 0 || probes.length === 0 ? jobs : w.lease(probes, 1, now, LEASE_MS);
    });
  }

  #admitted(): { open: JobKind[]; probes: JobKind[] } {
    const kinds = Object.keys(this.#handlers).filter((kind): kind is JobKind => kind in this.#handlers);
    const by = (admission: string) =>
      kinds.filter((kind) => this.#deps.upstreams.admission(kind) === admission);
    const probes = by('probe');
    const probing = [...this.#running.values()].some((job) => probes.includes(job.kind));
    return { open: by('free'), probes: probing ? [] : probes };
  }

  #idleMs(): number {
    if (this.#running.size >= CONCURRENCY) return IDLE_MAX_MS;
    const { open, probes } = this.#admitted();
    const { store, clock, upstreams } = this.#deps;
    const due = store.read((r) => r.nextRunAt([...open, ...probes]));
    const next = [due, upstreams.nextProbeAt()].filter((at) => at !== null && at > clock.now());
    return Math.min(IDLE_MAX_MS, ...next.map((at) => (at ?? 0) - clock.now()));
  }

  #begin(job: LeasedJob): void {
    const done = this.#perform(job).finally(() => {
      this.#running.delete(job.id);
      this.wake();
    });
    this.#running.set(job.id, { kind: job.kind, done });
  }

  async #perform(job: LeasedJob): Promise<void> {
    const { clock, events } = this.#deps;
    const began = clock.monotonicMs();
    const outcome = await this.#outcome(job);
    events.jobEnded({ kind: job.kind, outcome, at: clock.now(), durationMs: clock.monotonicMs() - began });
  }

  async #outcome(job: LeasedJob): Promise<Outcome> {
    try {
      await this.#handlers[job.kind](this.#deps, job);
      this.#deps.store.write((w) => w.complete(job, this.#deps.clock.now()));
      return 'done';
    } catch (thrown) {
      return this.#settleFailure(job, thrown);
    }
  }

  #settleFailure(job: LeasedJob, thrown: unknown): Outcome {
    const { store, clock, random, upstreams, events } = this.#deps;
    const error = asAppError(thrown);
    const after = afterFailure(error, job.attempt, random.unit());
    const now = clock.now();
    if (error.code === 'internal') events.fault(error.reason, thrown instanceof Error ? thrown : error);
    if (after.kind === 'pause') {
      const runAt = upstreams.failed(after.upstream, error);
      store.write((w) => w.snooze(job, runAt, error.reason));
      return 'paused';
    }
    const failure = { kind: job.kind, reason: error.reason, attempt: job.attempt };
    if (after.kind === 'retry') {
      store.write((w) => w.retry(job, now + after.delayMs, error.reason));
      events.jobRetried(failure);
      return 'retried';
    }
    store.write((w) => {
      w.bury(job, error.reason, now);
      w.raiseAlarm('dead-jobs', '', error.reason, now);
    });
    events.jobDead(failure);
    return 'dead';
  }
}
