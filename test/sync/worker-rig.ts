import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { JobKind, NewJob } from '../../src/domain/job.ts';
import { realClock } from '../../src/ops/clock.ts';
import { systemRandom } from '../../src/ops/random.ts';
import { openStore } from '../../src/store/open.ts';
import { type Handler, NOTHING } from '../../src/sync/closing.ts';
import { PatientWrites } from '../../src/sync/patient-writes.ts';
import type { SyncDeps, SyncEvents } from '../../src/sync/sync-deps.ts';
import { Turns } from '../../src/sync/turns.ts';
import { Upstreams } from '../../src/sync/upstreams.ts';
import { Worker } from '../../src/sync/worker.ts';

/** A part that the tested one must not touch. */
function untouched<T extends object>(name: string): T {
  const refuse = (): never => {
    throw new Error(`${name} is not to be used here`);
  };
  return new Proxy<T>(Object.create(null), { get: refuse });
}

export const job = (key: string, change: Partial<NewJob> = {}): NewJob => ({
  kind: 'sync-event',
  key,
  mailboxId: null,
  eventId: key,
  runAt: 0,
  merge: 'earliest',
  ...change,
});

/** A worker over a real store, with jobs that do what the test says, and everything that it tells. */
export class WorkerRig {
  readonly store: ReturnType<typeof openStore>;
  readonly worker: Worker;
  readonly deps: SyncDeps;
  /** Reasons of faults, and what else was told, in order. */
  readonly told: string[] = [];
  /** True and false as the disk was found full and had room again. */
  readonly full: boolean[] = [];
  #heard = Promise.withResolvers<void>();

  private constructor(dataDir: string, handlers: Partial<Record<JobKind, Handler>>) {
    const clock = realClock();
    const random = systemRandom();
    this.store = openStore({
      dataDir,
      clock,
      random,
      diskFull: (full) => this.#hear(() => this.full.push(full)),
    });
    this.deps = {
      settings: untouched('settings'),
      graph: untouched('graph'),
      kms: untouched('kms'),
      webex: untouched('webex'),
      meetings: untouched('meetings'),
      spaces: untouched('spaces'),
      sink: untouched('sink'),
      store: this.store,
      clock,
      random,
      events: this.#events(),
      upstreams: new Upstreams(clock, random, [], () => undefined),
      turns: new Turns(),
      webexTokenEndsAt: () => null,
      wake: () => this.worker.wake(),
    };
    const idle: Handler = async () => NOTHING;
    this.worker = new Worker(
      this.deps,
      {
        'enable-mailbox': idle,
        'delta-round': idle,
        'remove-mailbox': idle,
        'tidy-subscriptions': idle,
        'poll-settings': idle,
        presence: idle,
        'sync-event': idle,
        'end-arrangement': idle,
        'end-leftover': idle,
        'carry-occurrences': idle,
        deliver: idle,
        'renew-subscription': idle,
        'rotate-keys': idle,
        'watch-kms': idle,
        prune: idle,
        'due-reminders': idle,
        remind: idle,
        resync: idle,
        'list-upcoming': idle,
        'check-targets': idle,
        'check-target': idle,
        ...handlers,
      },
      new PatientWrites(this.store, clock, this.deps.events),
    );
  }

  static start(t: TestContext, handlers: Partial<Record<JobKind, Handler>>): WorkerRig {
    const dataDir = mkdtempSync(join(tmpdir(), 'worker-'));
    const rig = new WorkerRig(dataDir, handlers);
    t.after(async () => {
      await rig.worker.stop();
      rig.store.close();
      rmSync(dataDir, { recursive: true, force: true });
    });
    return rig;
  }

  enqueue(...jobs: readonly NewJob[]): void {
    this.store.write((w) => {
      for (const one of jobs) w.enqueue(one, 0);
    });
    this.worker.wake();
  }

  /** Looks again whenever something was told. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.#heard.promise;
  }

  /** For the test's own handlers: something happened that may be waited for. */
  tell(what: string): void {
    this.#hear(() => this.told.push(what));
  }

  /** States of all jobs by key, the oldest first. */
  states(): string[] {
    const rows = this.store.database.prepare('SELECT key, state, reason FROM jobs ORDER BY id').all();
    return rows.map((row) => Object.values(Object(row)).filter(Boolean).join(' '));
  }

  /** From now on not a single page more. */
  fillDisk(): void {
    const pages = Number(this.store.database.pragma('page_count', { simple: true }));
    this.store.database.pragma(`max_page_count = ${pages}`);
  }

  makeRoom(): void {
    this.store.database.pragma('max_page_count = 1000000');
  }

  #hear(note: () => void): void {
    note();
    this.#heard.resolve();
    this.#heard = Promise.withResolvers<void>();
  }

  #events(): SyncEvents {
    const silent = (): void => undefined;
    return {
      eventDecorated: silent,
      meetingSealed: silent,
      delivered: silent,
      jobEnded: silent,
      firstJobLeased: silent,
      jobRetried: ({ reason }) => this.tell(`retried ${reason}`),
      jobDead: ({ reason, trackingId = '' }) => this.tell(`dead ${reason} ${trackingId}`.trimEnd()),
      upstreamPaused: silent,
      upstreamBack: silent,
      alarmRaised: silent,
      alarmCleared: silent,
      mailboxStateChanged: silent,
      keysIssued: silent,
      keysGivenUp: silent,
      auditHeadSigned: silent,
      reminderTold: silent,
      keyEnded: silent,
      addressesResealed: silent,
      subscriptionSilent: silent,
      presenceChanged: silent,
      fault: (reason) => this.tell(`fault ${reason}`),
    };
  }
}
