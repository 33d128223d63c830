import type { AuditFacts } from '../domain/audit.ts';
import type { SyncDeps } from './sync-deps.ts';

const WINDOW_MS = 60 * 60_000;
const ROWS_PER_WINDOW = 100;

/**
 * Rows about strangers who are turned away. The audit log is never pruned, so that a flood must not fill the disk with it: after
 * a hundred rows in an hour the next ones are counted, and told together by the first row of another hour.
 */
export class Refusals {
  readonly #deps: Pick<SyncDeps, 'store' | 'clock'>;
  #windowEndsAt = 0;
  #rows = 0;
  #leftOut = 0;

  constructor(deps: Pick<SyncDeps, 'store' | 'clock'>) {
    this.#deps = deps;
  }

  add(facts: AuditFacts): void {
    const now = this.#deps.clock.now();
    // A clock that was put back must not make a window last.
    if (now >= this.#windowEndsAt || this.#windowEndsAt - now > WINDOW_MS) this.#begin(now);
    if (this.#rows >= ROWS_PER_WINDOW) {
      this.#leftOut += 1;
      return;
    }
    this.#rows += 1;
    const count = facts.count + this.#leftOut;
    this.#leftOut = 0;
    this.#deps.store.write((w) => w.addAudit({ ...facts, count }));
  }

  #begin(now: number): void {
    this.#windowEndsAt = now + WINDOW_MS;
    this.#rows = 0;
  }
}
