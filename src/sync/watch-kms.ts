import { JOB_KINDS, NEEDS, type NewJob } from '../domain/job.ts';
import { outageAlarm } from '../domain/key-outage.ts';
import { allOf, type Closing, rows } from './closing.ts';
import { standingAlarm } from './standing-alarm.ts';
import type { SyncDeps } from './sync-deps.ts';

const EVERY_MS = 60_000;
/** Kinds of jobs that can't be done without the KMS. */
const ASKING = JOB_KINDS.filter((kind) => NEEDS[kind].includes('kms'));

/** Once a minute: is the KMS away, and for how long do the keys in memory still serve? */
export async function watchKms(deps: SyncDeps): Promise<Closing> {
  await askForDirectoryKey(deps);
  const now = deps.clock.now();
  const outage = deps.kms.outage();
  const alarm = outageAlarm(outage, now);
  const reason = outage?.reason ?? '';
  return allOf([
    standingAlarm(deps, 'keys-ending', alarm === 'keys-ending' ? reason : null, now),
    standingAlarm(deps, 'no-usable-key', alarm === 'no-usable-key' ? reason : null, now),
    rows((w) => w.enqueue(watchKmsJob(now + EVERY_MS), now)),
  ]);
}

// Where nothing is to be done nobody else would find out that the KMS is away, or back. While it answers it is asked once an hour.
async function askForDirectoryKey(deps: SyncDeps): Promise<void> {
  const key = deps.store.read((r) => r.directoryKey());
  if (key === null || jobsAsk(deps)) return;
  await deps.kms.withKey(key.uri, () => undefined).catch(() => undefined);
}

/** In a known outage a job that waits for its end finds out as soon as it may; the one that found it out may be gone by then. */
function jobsAsk({ kms, store, clock, upstreams }: SyncDeps): boolean {
  const { failures, pausedUntil } = upstreams.health('kms');
  if (failures === 0 || kms.outage() === null) return false;
  const next = store.read((r) => r.nextRunAt(ASKING));
  return next !== null && next <= Math.max(pausedUntil, clock.now() + EVERY_MS);
}

export function watchKmsJob(runAt: number): NewJob {
  return { kind: 'watch-kms', key: '', mailboxId: null, eventId: null, runAt, merge: 'earliest' };
}
