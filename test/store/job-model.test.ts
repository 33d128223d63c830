import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JobKind, LeasedJob } from '../../src/domain/job.ts';
import { realClock } from '../../src/ops/clock.ts';
import { systemRandom } from '../../src/ops/random.ts';
import { openStore } from '../../src/store/open.ts';
import { JobModel } from './job-model.ts';

const RUNS = 80;
const STEPS = 60;
const KINDS = ['sync-event', 'deliver', 'delta-round'] as const;
const SETTLINGS = ['complete', 'bury', 'retry', 'snooze'] as const;
const DAY_MS = 24 * 60 * 60_000;

const kind = fc.constantFrom(...KINDS);
const key = fc.constantFrom('a', 'b', 'c');
const wait = fc.integer({ min: -5, max: 40 });
const which = fc.nat({ max: 30 });
const ms = fc.oneof(fc.nat({ max: 50 }), fc.integer({ min: -20 * DAY_MS, max: 20 * DAY_MS }));
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('earliest' as const), kind, key, wait }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('settle' as const), kind, key, wait, max: fc.nat({ max: 60 }) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('lease' as const),
      kinds: fc.subarray([...KINDS]),
      limit: fc.integer({ min: 0, max: 4 }),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom(...SETTLINGS), which, wait }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('clock' as const), ms }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The store and the model, taken through the same steps. */
class Pair {
  readonly #dataDir: string;
  readonly #model = new JobModel();
  /** Every lease ever given out: settling with an old one is what a late worker does. */
  readonly #leases: LeasedJob[] = [];
  #store: ReturnType<typeof openStore>;
  #now = 1_000 * DAY_MS;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
    this.#store = this.#open();
    this.#store.write((w) => w.reviveLeased());
    this.#store.database.exec('DELETE FROM jobs');
  }

  take(step: Step): void {
    if (step.do === 'earliest' || step.do === 'settle') this.#enqueue(step);
    else if (step.do === 'lease') this.#lease(step.kinds, step.limit);
    else if (step.do === 'crash') this.#crash();
    else if (step.do === 'clock') this.#now += step.ms;
    else this.#settle(step.do, step.which, step.wait);
    this.#compare();
  }

  close(): void {
    this.#store.close();
  }

  #open(): ReturnType<typeof openStore> {
    const store = openStore({ dataDir: this.#dataDir, clock: realClock(), random: systemRandom() });
    // Nothing here is about power loss, and thousands of waits for the disk would only take time.
    store.database.pragma('synchronous = OFF');
    return store;
  }

  #enqueue(o: Extract<Step, { readonly wait: number; readonly key: string }>): void {
    const ids = { kind: o.kind, key: o.key, mailboxId: 1, eventId: o.key };
    const merge = o.do === 'settle' ? { merge: o.do, settleMaxMs: o.max } : { merge: 'earliest' as const };
    const job = { ...ids, runAt: this.#now + o.wait, ...merge };
    this.#store.write((w) => w.enqueue(job, this.#now));
    this.#model.enqueue(job, this.#now);
  }

  #lease(kinds: readonly JobKind[], limit: number): void {
    const leased = this.#store.write((w) => w.lease(kinds, limit, this.#now, 60_000));
    const expected = this.#model.lease(kinds, limit, this.#now);
    assert.deepEqual(
      leased.map((job) => job.id),
      expected,
    );
    for (const job of this.#model.jobs) {
      const lease = leased.find((one) => one.id === job.id);
      if (lease !== undefined) job.leaseId = lease.leaseId;
    }
    this.#leases.push(...leased);
  }

  #settle(how: (typeof SETTLINGS)[number], which: number, wait: number): void {
    const job = this.#leases.at(-1 - (which % Math.max(1, this.#leases.length)));
    if (job === undefined) return;
    const at = this.#now + wait;
    const [real, expected] = {
      complete: () => [this.#store.write((w) => w.complete(job, at)), this.#model.complete(job)],
      bury: () => [this.#store.write((w) => w.bury(job, 'X', at)), this.#model.bury(job, 'X')],
      retry: () => [this.#store.write((w) => w.retry(job, at, 'R')), this.#model.putBack(job, at, 'R', 0)],
      snooze: () => [this.#store.write((w) => w.snooze(job, at, 'S')), this.#model.putBack(job, at, 'S', 1)],
    }[how]();
    assert.equal(real, expected);
  }

  #crash(): void {
    this.#store.close();
    this.#store = this.#open();
    const revived = this.#store.write((w) => w.reviveLeased());
    assert.equal(revived, this.#model.revive());
  }

  #compare(): void {
    const columns = 'id, kind, key, state, run_at AS runAt, attempt, lease_id AS leaseId, reason';
    const rows = this.#store.database.prepare(`SELECT ${columns} FROM jobs ORDER BY id`).all();
    const unsettled = ['waiting', 'leased'];
    const model = this.#model.jobs.map(({ createdAt: _, ...job }) => job).sort((a, b) => a.id - b.id);
    // What is settled keeps its last lease for nobody.
    const plain = (jobs: readonly object[]) =>
      jobs.map((job) =>
        'state' in job && !unsettled.includes(String(job.state)) ? { ...job, leaseId: null } : job,
      );
    assert.deepEqual(plain(rows.map((row) => ({ ...Object(row) }))), plain(model));
    assert.equal(
      this.#store.read((r) => r.nextRunAt(KINDS)),
      this.#model.nextRunAt(KINDS),
    );
  }
}

test(`the job table does what a plain list does, through ${RUNS} × up to ${STEPS} random steps`, (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'job-model-'));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const steps = fc.array(step, { minLength: STEPS / 2, maxLength: STEPS });
  fc.assert(
    fc.property(steps, (all) => {
      const pair = new Pair(dataDir);
      try {
        for (const one of all) pair.take(one);
      } finally {
        pair.close();
      }
    }),
    { numRuns: RUNS, seed: 20_261_125 },
  );
});
