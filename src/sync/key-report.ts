import { FOR_EVER } from '../domain/key-life.ts';
import { toTheMinute } from '../domain/key-outage.ts';
import type { DirectoryReport, KeyReport, RotationReport } from '../domain/key-report.ts';
import type { Reader } from '../domain/store-port.ts';
import type { SyncDeps } from './sync-deps.ts';

/** The setting that keeps when somebody last asked for all keys of mailboxes to be renewed. */
export const ASKED = 'keys-asked';

/** How the keys stand; nothing is opened for it and the KMS is not asked. */
export function keyReport({ store, clock, kms }: Pick<SyncDeps, 'store' | 'clock' | 'kms'>): KeyReport {
  const now = clock.now();
  return store.read((r) => ({
    now,
    mailboxes: r.keySummary(now),
    directory: directoryReport(r),
    rotation: rotationReport(r),
    outage: toTheMinute(kms.outage()),
  }));
}

function directoryReport(r: Reader): DirectoryReport | null {
  const key = r.directoryKey();
  if (key === null) return null;
  const states = Object.values(r.mailboxStates());
  return {
    since: key.createdAt,
    nextRenewalAt: key.renewAt === FOR_EVER ? null : key.renewAt,
    addresses: states.reduce<number>((sum, n) => sum + (n ?? 0), 0),
    underOlderKey: r.countUnderOtherKey(key.uri),
  };
}

export function rotationReport(r: Reader): RotationReport | null {
  const asked = r.setting(ASKED);
  return asked === null ? null : { askedAt: Number(asked), left: r.keysOlderThan(Number(asked)) };
}
