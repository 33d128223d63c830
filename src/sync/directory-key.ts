import { AppError } from '../domain/app-error.ts';
import { keyEndOf } from '../domain/key-life.ts';
import type { KeyRow } from '../domain/rows.ts';
import { newKey } from './issue-keys.ts';
import type { SyncDeps } from './sync-deps.ts';
import { type SealUse, withWorkingKey } from './working-key.ts';

/** Lends the directory key that seals new addresses, and with it others that only open. Made when the first address comes. */
export function withDirectoryKey<T>(
  deps: SyncDeps,
  use: SealUse<T>,
  others: readonly string[] = [],
): Promise<T> {
  return withWorkingKey(deps, () => directoryKey(deps), use, others);
}

async function directoryKey(deps: SyncDeps): Promise<KeyRow> {
  const known = deps.store.read((r) => r.directoryKey());
  return known !== null && deps.clock.now() < known.sealUntil ? known : await nextDirectoryKey(deps);
}

const making = new WeakMap<SyncDeps['store'], Promise<KeyRow>>();

/** A new one, which seals from now on. Whoever wants one at the same time shares it. */
export async function nextDirectoryKey(deps: SyncDeps): Promise<KeyRow> {
  const wish = { mailboxId: null, readers: [deps.settings.applianceUserId] };
  const flight = making.get(deps.store) ?? newKey(deps, wish).finally(() => making.delete(deps.store));
  making.set(deps.store, flight);
  return await flight;
}

/**
 * The directory keys that addresses are sealed under, the one for new addresses first. One that the KMS does not give out any more is
 * left out, so that the addresses under the others go on being found.
 */
export async function usableDirectoryKeys(deps: SyncDeps): Promise<KeyRow[]> {
  const usable: KeyRow[] = [];
  for (const key of deps.store.read((r) => r.directoryKeys()))
    if (await isUsable(deps, key)) usable.push(key);
  return usable;
}

/** False when the KMS does not give the key out any more. Throws AppError for what says nothing about the key. */
export async function isUsable({ kms }: SyncDeps, { uri }: Pick<KeyRow, 'uri'>): Promise<boolean> {
  try {
    await kms.withKey(uri, () => undefined);
    return true;
  } catch (thrown) {
    if (keyEndOf(thrown) === null) throw thrown;
    return false;
  }
}

/** No address can be opened and none be found. */
export function directoryKeyLost(): AppError {
  return new AppError({
    code: 'unavailable',
    reason: DIRECTORY_KEY_LOST,
    message: 'The KMS does not give out the directory key any more: ask whoever runs it to restore the key.',
    scope: 'mailbox',
    upstream: 'kms',
  });
}

export const DIRECTORY_KEY_LOST = 'DIRECTORY_KEY_LOST';
