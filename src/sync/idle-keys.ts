import { asAppError } from '../domain/app-error.ts';
import { KEPT_MS } from '../domain/key-life.ts';
import type { KeyRow } from '../domain/rows.ts';
import type { Reader } from '../domain/store-port.ts';
import type { Closing } from './closing.ts';
import { keyTrouble } from './issue-keys.ts';
import { rotateJob } from './rotate-job.ts';
import type { SyncDeps } from './sync-deps.ts';

const DAY_MS = 24 * 60 * 60_000;
/**
 * Keys that one run looks at: ten milliseconds in which nothing else runs, and for each of the two readers no more than one post to the
 * KMS holds (reference: webex.md 2.2).
 */
const SLICE = 50;
/** Between two runs: 150,000 keys take 50 minutes. */
const PACE_MS = 1_000;
const EVERY_MS = DAY_MS;
/** The last key that was looked at; it lives among the settings, and a kill goes on behind it. */
const POSITION = 'idle-keys-after';
/** What seals at the moment its successor is made may be written down a little later. */
const LEEWAY_MS = DAY_MS;

/**
 * Gives up keys of mailboxes that nothing is under any more: their readers lose their right to them, the appliance last of all, and
 * the row goes. Once a day it walks over all keys, one bounded run after the other. A key stays as long as an item that it may
 * have sealed is in a list, and as long as backups of before may be put back (see `isOld`).
 */
export async function dropIdleKeys(deps: SyncDeps): Promise<Closing> {
  const now = deps.clock.now();
  const looked = deps.store.read((r) => r.mailboxKeysAfter(r.setting(POSITION) ?? '', SLICE));
  const idle = deps.store.read((r) => looked.filter((key) => isIdle(deps, r, key, now)));
  const dropped = await withdrawEach(deps, idle);
  const goesOn = looked.length === SLICE;
  return {
    write: (w) => {
      for (const { uri } of dropped) w.deleteKey(uri);
      w.setSetting(POSITION, goesOn ? (looked.at(-1)?.uri ?? '') : '');
      w.enqueue(rotateJob('idle', now + (goesOn ? PACE_MS : EVERY_MS)), now);
    },
    told: () => {
      if (dropped.length > 0) deps.events.keysGivenUp(dropped.length);
    },
  };
}

function isIdle(deps: SyncDeps, r: Reader, key: KeyRow, now: number): boolean {
  return key.renewAt === null && isOld(deps, key, now) && !r.isKeyInUse(key, key.sealUntil + LEEWAY_MS);
}

/** What it sealed last has left the window of the list by now, but for what lasts long; and so have backups that still hold it. */
function isOld({ settings }: SyncDeps, { sealUntil }: KeyRow, now: number): boolean {
  return sealUntil < now - Math.max(KEPT_MS, settings.windowBackMs + settings.windowAheadMs + LEEWAY_MS);
}

/** Those whose readers are gone. One that the KMS does not let go holds up no other: its turn comes again with the next walk. */
async function withdrawEach(deps: SyncDeps, keys: readonly KeyRow[]): Promise<KeyRow[]> {
  const ends = await Promise.allSettled(keys.map((key) => deps.kms.withdraw(key, readersOf(deps, key))));
  const gone = keys.filter((_, n) => ends[n]?.status === 'fulfilled');
  const faults = ends.flatMap((end) => (end.status === 'rejected' ? [asAppError(end.reason)] : []));
  const outage = faults.find((fault) => keyTrouble(fault).scope !== 'mailbox');
  if (gone.length === 0 && outage !== undefined) throw outage;
  return gone;
}

/** The appliance's own authorization goes last: without it it could not withdraw the others. */
function readersOf({ store, settings }: SyncDeps, { mailboxId }: KeyRow): string[] {
  const webexId = store.read((r) => (mailboxId === null ? null : r.mailbox(mailboxId)?.webexId)) ?? null;
  return webexId === null ? [settings.applianceUserId] : [webexId, settings.applianceUserId];
}
