import { asAppError } from '../domain/app-error.ts';
import { afterSeals, endedLife, keyEndOf } from '../domain/key-life.ts';
import type { KeyLoan } from '../domain/key-port.ts';
import type { KeyRow } from '../domain/rows.ts';
import type { Writer } from '../domain/store-port.ts';
import { syncEventJob } from './intake.ts';
import { keyTrouble } from './issue-keys.ts';
import type { SyncDeps } from './sync-deps.ts';

/** What is done with a key that seals, its row, and the others that were asked for, in their order. Nothing of them may be kept. */
export type SealUse<T> = (key: Uint8Array, row: KeyRow, others: readonly Uint8Array[]) => T;

/**
 * Lends a key for sealing. What the KMS lets seal no more (expired, gone, refused) is ended, and `current` asked for its successor:
 * the work goes on with that. A revoked key stops the work, since somebody wanted that.
 */
export async function withWorkingKey<T>(
  deps: SyncDeps,
  current: () => Promise<KeyRow>,
  use: SealUse<T>,
  others: readonly string[],
): Promise<T> {
  const key = await current();
  try {
    return await lend(deps, key, use, others);
  } catch (thrown) {
    const end = keyEndOf(thrown);
    if (end === null || end === 'revoked') throw thrown;
    endKey(deps, key, asAppError(thrown).reason, end === 'lost');
  }
  try {
    return await lend(deps, await current(), use, others);
  } catch (thrown) {
    throw keyEndOf(thrown) === null ? thrown : keyTrouble(asAppError(thrown));
  }
}

function lend<T>(deps: SyncDeps, row: KeyRow, use: SealUse<T>, others: readonly string[]): Promise<T> {
  const opening = others.map((uri): KeyLoan => ({ uri, purpose: 'open' }));
  return deps.kms.withKeys([{ uri: row.uri, purpose: 'seal' }, ...opening], ([key, ...rest]) => {
    if (key === undefined) throw new RangeError('no key was lent');
    return use(key, row, rest);
  });
}

/** Counts sealings under a key, in the same commit as what was sealed. */
export function countSeals(w: Writer, uri: string, count: number, now: number): void {
  const key = w.key(uri);
  if (key !== null) w.setKeyLife(uri, afterSeals(key, count, now));
}

/** A key seals no more from now on. What a lost one sealed is read anew, and so comes under its successor. */
export function endKey(deps: SyncDeps, { uri }: KeyRow, reason: string, lost: boolean): void {
  const now = deps.clock.now();
  const ended = deps.store.write((w) => {
    const key = w.key(uri);
    if (key === null) return null;
    w.setKeyLife(uri, endedLife(key, now));
    if (lost) readAnew(deps, w, key, now);
    return key;
  });
  if (ended !== null && ended.renewAt !== null) deps.events.keyEnded({ mailboxId: ended.mailboxId, reason });
  deps.wake();
}

function readAnew(deps: SyncDeps, w: Writer, key: KeyRow, now: number): void {
  const { mailboxId } = key;
  if (mailboxId === null) return;
  for (const eventId of w.forgetContentUnder(key))
    w.enqueue(syncEventJob(deps.settings, mailboxId, eventId, now), now);
}

/**
 * Whether the key opens what it sealed. False when it is lost for good: then its content is read anew. A revoked key counts as lost
 * once it has a successor; before, it stops the work. Throws AppError.
 */
export async function canOpen(deps: SyncDeps, uri: string): Promise<boolean> {
  try {
    await deps.kms.withKey(uri, () => undefined);
    return true;
  } catch (thrown) {
    giveUpLostKey(deps, uri, thrown);
    return false;
  }
}

function giveUpLostKey(deps: SyncDeps, uri: string, thrown: unknown): void {
  const end = keyEndOf(thrown);
  const key = deps.store.read((r) => r.key(uri));
  if (key === null || end === null || (end === 'revoked' && key.renewAt !== null)) throw thrown;
  endKey(deps, key, asAppError(thrown).reason, true);
}
