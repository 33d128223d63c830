import { type JobKind, type LeasedJob, laneOf, type NewJob, settles } from '../../src/domain/job.ts';

/** Of one mailbox (the model knows only one). */
const MOST_OF_MAILBOX = 3;
const HONEST_MS = 7 * 24 * 60 * 60_000;

export interface ModelJob {
  readonly id: number;
  readonly kind: JobKind;
  readonly key: string;
  readonly createdAt: number;
  state: 'waiting' | 'leased' | 'done' | 'dead';
  runAt: number;
  attempt: number;
  leaseId: string | null;
  reason: string | null;
}

/** The job table as one would write it down without a database: a list, and loops over it (reference: engineering.md B.3). */
export class JobModel {
  jobs: ModelJob[] = [];

  enqueue(job: NewJob, now: number): void {
    const twin = this.#waiting(job.kind, job.key);
    if (twin === undefined) {
      const { kind, key, runAt } = job;
      const id = Math.max(0, ...this.jobs.map((one) => one.id)) + 1;
      const fresh = { state: 'waiting', attempt: 0, leaseId: null, reason: null } as const;
      this.jobs.push({ id, kind, key, runAt, createdAt: now, ...fresh });
    } else if (job.merge === 'earliest') twin.runAt = Math.min(twin.runAt, job.runAt);
    else twin.runAt = Math.min(job.runAt, twin.createdAt + (job.settleMaxMs ?? 0));
  }

  /** Ids in the order of the lease. */
  lease(kinds: readonly JobKind[], limit: number, now: number): number[] {
    const leased = (job: ModelJob) =>
      this.jobs.some((one) => one.state === 'leased' && one.kind === job.kind && one.key === job.key);
    const busy = this.jobs.filter((job) => job.state === 'leased').map(({ kind }) => laneOf(kind));
    const hasRoom = ({ kind }: ModelJob): boolean =>
      busy.filter((lane) => lane === laneOf(kind)).length < MOST_OF_MAILBOX;
    const due = this.jobs
      .filter((job) => job.state === 'waiting' && kinds.includes(job.kind))
      .filter((job) => job.runAt <= now || job.runAt > now + HONEST_MS)
      .filter((job) => !leased(job) && hasRoom(job))
      .sort((a, b) => a.runAt - b.runAt || a.id - b.id)
      .slice(0, limit)
      .filter((job) => hasRoom(job) && busy.push(laneOf(job.kind)) > 0);
    for (const job of due) Object.assign(job, { state: 'leased', attempt: job.attempt + 1 });
    return due.map((job) => job.id);
  }

  complete(job: LeasedJob): boolean {
    return this.#settle(job, (own) => Object.assign(own, { state: 'done' }));
  }

  bury(job: LeasedJob, reason: string): boolean {
    return this.#settle(job, (own) => Object.assign(own, { state: 'dead', reason }));
  }

  /** `unpaid` 1: the attempt does not count. */
  putBack(job: LeasedJob, runAt: number, reason: string, unpaid: number): boolean {
    return this.#settle(job, (own) => {
      const twin = this.#waiting(own.kind, own.key);
      const attempt = own.attempt - unpaid;
      if (twin === undefined) Object.assign(own, { state: 'waiting', runAt, reason, attempt, leaseId: null });
      else {
        this.#remove(own);
        const at = settles(own.kind) ? Math.max(twin.runAt, runAt) : runAt;
        Object.assign(twin, { runAt: at, reason, attempt: Math.max(twin.attempt, attempt) });
      }
    });
  }

  revive(): number {
    const orphans = this.jobs.filter((job) => job.state === 'leased');
    for (const job of orphans) {
      const twin = this.#waiting(job.kind, job.key);
      if (twin !== undefined) {
        if (!settles(job.kind)) Object.assign(twin, { runAt: Math.min(twin.runAt, job.runAt) });
        this.#remove(job);
      } else Object.assign(job, { state: 'waiting', attempt: job.attempt - 1, leaseId: null });
    }
    return orphans.length;
  }

  nextRunAt(kinds: readonly JobKind[]): number | null {
    const times = this.jobs.filter((job) => job.state === 'waiting' && kinds.includes(job.kind));
    return times.length === 0 ? null : Math.min(...times.map((job) => job.runAt));
  }

  #settle({ id, leaseId }: LeasedJob, how: (own: ModelJob) => void): boolean {
    const own = this.jobs.find((job) => job.id === id && job.state === 'leased' && job.leaseId === leaseId);
    if (own !== undefined) how(own);
    return own !== undefined;
  }

  #waiting(kind: JobKind, key: string): ModelJob | undefined {
    return this.jobs.find((job) => job.state === 'waiting' && job.kind === kind && job.key === key);
  }

  #remove(gone: ModelJob): void {
    this.jobs = this.jobs.filter((job) => job !== gone);
  }
}
