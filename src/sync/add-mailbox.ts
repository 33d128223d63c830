import { AppError } from '../domain/app-error.ts';
import type { MailboxRow } from '../domain/rows.ts';
import type { Writer } from '../domain/store-port.ts';
import { addressHashes, sealAddress } from './addresses.ts';
import { mailboxJob } from './intake.ts';
import { isLeaving } from './job-mailbox.ts';
import type { SyncDeps } from './sync-deps.ts';

interface NewAddress {
  readonly kind: MailboxRow['kind'];
  readonly sealed: Awaited<ReturnType<typeof sealAddress>>;
  /** Under every directory key that addresses are under. */
  readonly hashes: readonly Uint8Array[];
}

/** Enables a mailbox; enabling it twice is the same as once. Needs the KMS, because its address is stored sealed. */
export async function addMailbox(
  deps: SyncDeps,
  address: string,
  kind: MailboxRow['kind'],
): Promise<{ id: number; created: boolean }> {
  const sealed = await sealAddress(deps, address);
  const hashes = await addressHashes(deps, address);
  const now = deps.clock.now();
  const result = deps.store.write((w) => {
    // Under a directory key that is new since then the same address may be there already, unknown to us.
    const isCurrent = w.directoryKey()?.uri === sealed.addressKey;
    return isCurrent ? insertMailbox(w, { kind, sealed, hashes }, now) : null;
  });
  if (result === null) return await addMailbox(deps, address, kind);
  deps.wake();
  return result;
}

function insertMailbox(
  w: Writer,
  { kind, sealed, hashes }: NewAddress,
  now: number,
): { id: number; created: boolean } {
  const known = hashes.map((hash) => w.mailboxByAddressHash(hash)).find((row) => row !== null) ?? null;
  if (known !== null && isLeaving(known)) throw leaving();
  if (known !== null && known.kind !== kind) throw otherKind(known.kind);
  const row = known ?? w.addMailbox({ kind, ...sealed }, now);
  if (row.state !== 'activated') w.enqueue(mailboxJob('enable-mailbox', row.id, now), now);
  return { id: row.id, created: known === null };
}

function leaving(): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'MAILBOX_LEAVING',
    message: 'This mailbox is being removed: add it again once it has left the list.',
  });
}

function otherKind(kind: string): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'MAILBOX_OF_OTHER_KIND',
    message: `This address is enabled already, as a ${kind}.`,
  });
}
