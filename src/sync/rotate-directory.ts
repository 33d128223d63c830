import { KEPT_MS } from '../domain/key-life.ts';
import type { KeyRow, MailboxRow, SealedAddress } from '../domain/rows.ts';
import { addressUnder, openedOrNull } from './addresses.ts';
import { allOf, type Closing, rows } from './closing.ts';
import {
  DIRECTORY_KEY_LOST,
  isUsable,
  nextDirectoryKey,
  usableDirectoryKeys,
  withDirectoryKey,
} from './directory-key.ts';
import { rotateJob } from './rotate-job.ts';
import { standingAlarm } from './standing-alarm.ts';
import type { SyncDeps } from './sync-deps.ts';
import { countSeals } from './working-key.ts';

const DAY_MS = 24 * 60 * 60_000;
const REST_MS = 60_000;
/** Opened, hashed and sealed within one call: some milliseconds in which nothing else runs. */
const SLICE = 100;

/**
 * Makes the next directory key when it is due, and puts every address that is under another one under it, with a new look-up hash.
 * Each row tells which key it is under: after a kill the next run goes on with the rest, and meanwhile addresses are found under
 * either key. A key that has been idle for a month goes.
 */
export async function rotateDirectory(deps: SyncDeps): Promise<Closing> {
  await renewWhenDue(deps);
  const lost = await isLost(deps);
  if (!lost) await resealAddresses(deps);
  await dropIdleKeys(deps);
  const now = deps.clock.now();
  const next = rows((w) => {
    const dueAt = Math.min(w.directoryKey()?.renewAt ?? now + DAY_MS, now + DAY_MS);
    w.enqueue(rotateJob('directory', Math.max(now + REST_MS, dueAt)), now);
  });
  return allOf([standingAlarm(deps, 'directory-key-lost', lost ? DIRECTORY_KEY_LOST : null, now), next]);
}

async function renewWhenDue(deps: SyncDeps): Promise<void> {
  const key = deps.store.read((r) => r.directoryKey());
  const now = deps.clock.now();
  if (key !== null && Math.min(key.renewAt ?? now, key.sealUntil) <= now) await nextDirectoryKey(deps);
}

/** Whether some addresses can't be opened because the KMS does not give out their key. Also asks for the key after a start. */
async function isLost(deps: SyncDeps): Promise<boolean> {
  const keys = deps.store.read((r) => r.directoryKeys());
  return (await usableDirectoryKeys(deps)).length < keys.length;
}

async function resealAddresses(deps: SyncDeps): Promise<void> {
  let after = 0;
  for (;;) {
    const uri = deps.store.read((r) => r.directoryKey()?.uri);
    if (uri === undefined) return;
    const slice = deps.store.read((r) => r.mailboxesUnderOtherKey(uri, after, SLICE));
    const last = slice.at(-1);
    if (last === undefined) return;
    after = last.id;
    for (const [from, its] of Map.groupBy(slice, (row) => row.addressKey)) await resealSlice(deps, from, its);
  }
}

async function resealSlice(deps: SyncDeps, from: string, slice: readonly MailboxRow[]): Promise<void> {
  if (!(await isUsable(deps, { uri: from }))) return;
  const sealed = await withDirectoryKey(
    deps,
    (key, row, [old = key]) => resealed(deps, slice, old, key, row),
    [from],
  );
  const now = deps.clock.now();
  const count = await deps.store.writeTogether((w) => {
    const moved = sealed.filter(([id, address]) => w.resealAddress(id, from, address));
    for (const [, { addressKey }] of moved) countSeals(w, addressKey, 1, now);
    return moved.length;
  });
  if (count > 0) deps.events.addressesResealed(count);
}

/** A damaged address stays where it is: it must not stop the others. */
function resealed(
  deps: SyncDeps,
  slice: readonly MailboxRow[],
  old: Uint8Array,
  key: Uint8Array,
  { uri }: KeyRow,
): (readonly [id: number, sealed: SealedAddress])[] {
  return slice.flatMap((row) => {
    const address = openedOrNull(deps, row, old);
    return address === null ? [] : [[row.id, addressUnder(deps, uri, key, address)] as const];
  });
}

async function dropIdleKeys(deps: SyncDeps): Promise<void> {
  const { store, kms, clock, settings } = deps;
  for (const key of store.read((r) => r.idleDirectoryKeys(clock.now() - KEPT_MS))) {
    await kms.withdraw(key, [settings.applianceUserId]);
    store.write((w) => w.deleteKey(key.uri));
  }
}
