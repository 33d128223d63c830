import { type AppError, asAppError } from '../domain/app-error.ts';
import { type JobKind, type Lane, type LeasedJob, laneOf } from '../domain/job.ts';
import { AWAITED_PAUSE_MS } from '../domain/reminder.ts';
import { afterFailure } from '../domain/retry.ts';
import type { Writer } from '../domain/store-port.ts';
import { Admission } from './admission.ts';
import { ClockWatch } from './clock-watch.ts';
import type { Closing, Handler } from './closing.ts';
import { mailboxTrouble, troubleOfTenant } from './mailbox-health.ts';
import type { PatientWrites } from './patient-writes.ts';
import type { SyncDeps } from './sync-deps.ts';

const LEASE_MS = 60_000;
/** Jobs at a time in each lane. */
const PLACES: readonly (readonly [Lane, number])[] = [
  ['graph', 16],
  ['reminders', 96],
  ['others', 16],
];
const IDLE_MAX_MS = 1_000;
const GIVEN_UP_REST_MS = 60 * 60_000;

export type Handlers = Readonly<Record<JobKind, Handler>>;

type Outcome = 'done' | 'retried' | 'paused' | 'dead';

interface Attempt {
  readonly job: LeasedJob;
  /** Of the work alone, without the wait for its commit. */
  readonly durationMs: number;
}

/**
 * Leases due jobs, runs them, settles them. One loop; at most so many jobs at a time in each lane. Leasing the next jobs and settling the last ones
 * share their commits with each other and with the hints that come in.
 */
export class Worker {
  readonly #deps: SyncDeps;
  readonly #handlers: Handlers;
  readonly #writes: PatientWrites;
  readonly #admission: Admission;
  readonly #clockWatch: ClockWatch;
  readonly #running = new Map<number, JobKind>();
  /** Running jobs and those whose settling is not durable yet. */
  readonly #unsettled = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #woken = new AbortController();
  #hasLeased = false;
  #loop: Promise<void> | null = null;

  constructor(deps: SyncDeps, handlers: Handlers, writes: PatientWrites) {
    this.#deps = deps;
    this.#handlers = handlers;
    this.#writes = writes;
    this.#admission = new Admission(deps);
    this.#clockWatch = new ClockWatch(deps.clock, writes);
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Something is due, or will be with the commit that is being gathered: look at once. */
  wake(): void {
    // With a reason of our own: the default one is an error with a stack, made anew each time.
    this.#woken.abort('woken');
  }

  /** Leases no more and waits for what runs. What can't be settled stays leased; the next start revives it. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#writes.end();
    this.wake();
    await this.#loop;
    await Promise.all(this.#unsettled);
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#woken = new AbortController();
      await this.#clockWatch.look();
      const leased = await this.#lease();
      // Leased and not begun: the next start revives them.
      if (this.#stop.signal.aborted) return;
      this.#announceFirst(leased);
      for (const job of leased) this.#begin(job);
      if (leased.length === 0) await this.#deps.clock.sleep(this.#idleMs(), this.#woken.signal);
    }
  }

  #announceFirst([first]: readonly LeasedJob[]): void {
    if (this.#hasLeased || first === undefined) return;
    this.#hasLeased = true;
    this.#deps.events.firstJobLeased(first.kind);
  }

  // A lease that can't be written is no fault of any job: the loop comes back after its rest. Work whose outcome can't be written
  // is not to be piled up.
  async #lease(): Promise<LeasedJob[]> {
    if (this.#writes.stuck) return [];
    const { open, probes } = this.#admitted();
    const lanes = this.#lanes(open);
    if (lanes.length === 0 && probes.length === 0) return [];
    const now = this.#deps.clock.now();
    const take = (w: Writer): LeasedJob[] => {
      if (this.#stop.signal.aborted) return [];
      const jobs = lanes.flatMap(({ kinds, free }) => w.lease(kinds, free, now, LEASE_MS));
      return jobs.length > 0 || probes.length === 0 ? jobs : w.lease(probes, 1, now, LEASE_MS);
    };
    return await this.#writes.once(take).catch(() => []);
  }

  /** Lanes in which something could be begun now. */
  #lanes(open: readonly JobKind[]): { readonly kinds: JobKind[]; readonly free: number }[] {
    const running = [...this.#running.values()];
    return PLACES.map(([lane, places]) => {
      const isIn = (kind: JobKind): boolean => laneOf(kind) === lane;
      return { kinds: open.filter(isIn), free: places - running.filter(isIn).length };
    }).filter(({ kinds, free }) => kinds.length > 0 && free > 0);
  }

  #admitted(): { open: JobKind[]; probes: JobKind[] } {
    const kinds = Object.keys(this.#handlers).filter((kind): kind is JobKind => kind in this.#handlers);
    const by = (admission: string) => kinds.filter((kind) => this.#admission.of(kind) === admission);
    const probes = by('probe');
    const probing = [...this.#running.values()].filter((kind) => probes.includes(kind));
    // A delivery that gets no answer must not hold up the reminder that is due.
    const isProbed = (kind: JobKind): boolean =>
      probing.some((other) => (other === 'remind') === (kind === 'remind'));
    return { open: by('free'), probes: probes.filter((kind) => !isProbed(kind)) };
  }

  #idleMs(): number {
    const { open, probes } = this.#admitted();
    const { store, clock, upstreams } = this.#deps;
    const kinds = [...this.#lanes(open).flatMap((lane) => lane.kinds), ...probes];
    const due = store.read((r) => r.nextRunAt(kinds));
    const next = [due, upstreams.nextProbeAt()].filter((at) => at !== null && at > clock.now());
    return Math.min(IDLE_MAX_MS, ...next.map((at) => (at ?? 0) - clock.now()));
  }

  #begin(job: LeasedJob): void {
    this.#running.set(job.id, job.kind);
    const settled = this.#perform(job).finally(() => this.#unsettled.delete(settled));
    this.#unsettled.add(settled);
  }

  async #perform(job: LeasedJob): Promise<void> {
    const began = this.#deps.clock.monotonicMs();
    const worked = await this.#handlers[job.kind](this.#deps, job).then(
      (closing) => ({ closing }),
      (thrown: unknown) => ({ thrown }),
    );
    const attempt = { job, durationMs: this.#deps.clock.monotonicMs() - began };
    const settling =
      'closing' in worked ? this.#close(attempt, worked.closing) : this.#fail(attempt, worked.thrown);
    // Handed in, and the place is free: what is leased next is leased by the same commit.
    this.#running.delete(job.id);
    this.wake();
    await settling;
  }

  /** The job's last write and its completion, in one commit; a late worker whose lease is not its own writes nothing. */
  async #close(attempt: Attempt, closing: Closing): Promise<void> {
    const { job } = attempt;
    const now = this.#deps.clock.now();
    const write = (w: Writer): boolean => {
      const own = w.complete(job, now);
      if (own) closing.write(w);
      if (own && w.forgetDead(job.kind, job.key) && w.deadJobs(1).length === 0) w.clearAlarm('dead-jobs', '');
      return own;
    };
    try {
      if (!(await this.#writes.repeatedly(write, passes))) return;
      closing.told();
      this.#ended(attempt, 'done');
    } catch (thrown) {
      if (!passes(asAppError(thrown))) await this.#fail(attempt, thrown);
    }
  }

  /** Puts a failed job back or gives it up. When not even that can be written before the end, the next start revives it. */
  async #fail(attempt: Attempt, thrown: unknown): Promise<void> {
    const { events } = this.#deps;
    const own = asAppError(thrown);
    const error = troubleOfTenant(this.#deps, attempt.job, own) ?? own;
    if (error.code === 'internal') events.fault(error.reason, thrown instanceof Error ? thrown : error);
    const { write, told, outcome } = this.#afterFailure(attempt.job, error);
    this.#ended(attempt, outcome);
    await this.#writes.repeatedly(write).then(told, () => undefined);
  }

  /** While a reminder waits, an upstream that comes back is to be noticed within seconds. */
  #mostPauseMs(kind: JobKind): number {
    const isAwaited = kind === 'remind' || this.#deps.store.read((r) => r.nextRunAt(['remind'])) !== null;
    return isAwaited ? AWAITED_PAUSE_MS : Number.MAX_SAFE_INTEGER;
  }

  #ended({ job, durationMs }: Attempt, outcome: Outcome): void {
    const { clock, events } = this.#deps;
    events.jobEnded({ kind: job.kind, outcome, at: clock.now(), durationMs });
  }

  #afterFailure(job: LeasedJob, error: AppError): Closing & { readonly outcome: Outcome } {
    const { clock, random, upstreams, events } = this.#deps;
    const { kind, attempt } = job;
    const { reason, trackingId } = error;
    const failure = { kind, reason, attempt, ...(trackingId === undefined ? {} : { trackingId }) };
    const after = afterFailure(error, attempt, random.unit(), kind === 'remind');
    const now = clock.now();
    if (after.kind === 'pause') {
      const runAt = upstreams.failed(after.upstream, error, this.#mostPauseMs(kind));
      return { write: (w) => w.snooze(job, runAt, reason), told: () => undefined, outcome: 'paused' };
    }
    if (after.kind === 'rest') return { ...mailboxTrouble(this.#deps, job, error), outcome: 'paused' };
    if (after.kind === 'retry') {
      const runAt = now + after.delayMs;
      return {
        write: (w) => w.retry(job, runAt, reason),
        told: () => events.jobRetried(failure),
        outcome: 'retried',
      };
    }
    return {
      write: (w) => giveUp(w, job, reason, now),
      told: () => events.jobDead(failure),
      outcome: 'dead',
    };
  }
}

/** What keeps a mailbox or the appliance going is never given up for good: it comes again when the cause may be gone. */
function giveUp(w: Writer, job: LeasedJob, reason: string, now: number): void {
  const { kind, key, mailboxId, eventId } = job;
  w.forgetDead(kind, key);
  if (!w.bury(job, reason, now)) return;
  w.raiseAlarm('dead-jobs', '', reason, now);
  if (eventId !== null) return;
  w.enqueue({ kind, key, mailboxId, eventId, runAt: now + GIVEN_UP_REST_MS, merge: 'earliest' }, now);
}

/** It says nothing about the job: what was done is settled when the database takes writes again. */
function passes({ reason }: AppError): boolean {
  return reason === 'DISK_FULL' || reason === 'DATABASE_LOCKED';
}
