import type { JobKind } from '../domain/job.ts';
import { copiesServe } from '../domain/key-outage.ts';
import type { SyncDeps } from './sync-deps.ts';
import type { Upstreams } from './upstreams.ts';

/** What finds its keys in memory, and so needs no KMS for a while (design D6). */
const SERVED: ReadonlySet<JobKind> = new Set(['sync-event', 'deliver', 'remind', 'check-target']);
/** Looking through all keys takes its time; nothing changes faster. */
const LOOK_MS = 1_000;

/** Which kinds of jobs may begin. While the KMS is away and keys in memory serve, those that seal and deliver go on with them. */
export class Admission {
  readonly #deps: Pick<SyncDeps, 'clock' | 'kms' | 'upstreams'>;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #serve = false;

  constructor(deps: Pick<SyncDeps, 'clock' | 'kms' | 'upstreams'>) {
    this.#deps = deps;
  }

  of(kind: JobKind): ReturnType<Upstreams['admission']> {
    const { upstreams } = this.#deps;
    const goesOn = SERVED.has(kind) && upstreams.health('kms').failures > 0 && this.#copiesServe();
    return upstreams.admission(kind, goesOn ? 'kms' : null);
  }

  #copiesServe(): boolean {
    const { clock, kms } = this.#deps;
    if (clock.monotonicMs() - this.#lookedAt < LOOK_MS) return this.#serve;
    this.#lookedAt = clock.monotonicMs();
    this.#serve = copiesServe(kms.outage(), clock.now());
    return this.#serve;
  }
}
