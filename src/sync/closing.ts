import type { LeasedJob } from '../domain/job.ts';
import type { Writer } from '../domain/store-port.ts';
import type { SyncDeps } from './sync-deps.ts';

/**
 * What a job leaves behind: rows that are committed together with its own completion, so that neither is ever there without the
 * other. May be written more than once, each time anew; so it does nothing besides.
 */
export interface Closing {
  readonly write: (w: Writer) => void;
  /** Called once it is durable. */
  readonly told: () => void;
}

/** Does a job's work up to its last write. */
export type Handler = (deps: SyncDeps, job: LeasedJob) => Promise<Closing>;

/** Nothing is left to be written. */
export const NOTHING: Closing = { write: () => undefined, told: () => undefined };

/** Several closings as one. */
export function allOf(closings: readonly Closing[]): Closing {
  return {
    write: (w) => {
      for (const closing of closings) closing.write(w);
    },
    told: () => {
      for (const closing of closings) closing.told();
    },
  };
}

/** Rows and nothing to tell. */
export function rows(write: (w: Writer) => void): Closing {
  return { write, told: () => undefined };
}

/** For jobs that write on their way. */
export function ofSteps(work: (deps: SyncDeps, job: LeasedJob) => Promise<void>): Handler {
  return async (deps, job) => {
    await work(deps, job);
    return NOTHING;
  };
}
