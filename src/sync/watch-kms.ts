import type { NewJob } from '../domain/job.ts';
import { outageAlarm } from '../domain/key-outage.ts';
import { allOf, type Closing, rows } from './closing.ts';
import { standingAlarm } from './standing-alarm.ts';
import type { SyncDeps } from './sync-deps.ts';

const EVERY_MS = 60_000;

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
async function askForDirectoryKey({ kms, store, upstreams }: SyncDeps): Promise<void> {
  const key = store.read((r) => r.directoryKey());
  const jobsAsk = upstreams.health('kms').failures > 0 && kms.outage() !== null;
  if (key === null || jobsAsk) return;
  await kms.withKey(key.uri, () => undefined).catch(() => undefined);
}

export function watchKmsJob(runAt: number): NewJob {
  return { kind: 'watch-kms', key: '', mailboxId: null, eventId: null, runAt, merge: 'earliest' };
}
