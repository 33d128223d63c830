import { normaliseAddress } from '../domain/address.ts';
import { AppError } from '../domain/app-error.ts';
import { keyEndOf } from '../domain/key-life.ts';
import type { Place } from '../domain/place.ts';
import type { KeyRow, MailboxRow, SealedAddress } from '../domain/rows.ts';
import { openEnvelope, sealEnvelope } from '../seal/envelope.ts';
import { keyedHash } from '../seal/keyed-hash.ts';
import { directoryKeyLost, usableDirectoryKeys, withDirectoryKey } from './directory-key.ts';
import type { SyncDeps } from './sync-deps.ts';

const NONCE_BYTES = 24;

/** An address sealed for a new mailbox row, with its look-up hash. */
export function sealAddress(deps: SyncDeps, address: string): Promise<SealedAddress> {
  return withDirectoryKey(deps, (key, { uri }) => addressUnder(deps, uri, key, normaliseAddress(address)));
}

/** A normalised address under the directory key of this URI. */
export function addressUnder(deps: SyncDeps, uri: string, key: Uint8Array, normal: string): SealedAddress {
  const addressHash = hashUnder(key, normal);
  const nonce = deps.random.bytes(NONCE_BYTES);
  const plain = Buffer.from(normal, 'utf8');
  try {
    const addressSealed = sealEnvelope(key, uri, addressPlace(deps, addressHash), plain, nonce);
    return { addressSealed, addressHash, addressKey: uri };
  } finally {
    plain.fill(0);
  }
}

/** Look-up hash of an address under a directory key. */
export function hashUnder(key: Uint8Array, address: string): Uint8Array {
  return keyedHash(key, 'address', normaliseAddress(address));
}

/** Look-up hashes of an address under each directory key that addresses are sealed under. */
export async function addressHashes(deps: SyncDeps, address: string): Promise<Uint8Array[]> {
  const loans = loansOf(await someDirectoryKeys(deps));
  return await deps.kms.withKeys(loans, (keys) => keys.map((key) => hashUnder(key, address)));
}

/** The row number of the mailbox with this address; 0, which no mailbox has, when it is not enabled. */
export async function knownMailbox(deps: SyncDeps, address: string): Promise<number> {
  const hashes = await addressHashes(deps, address);
  return deps.store.read((r) => {
    const rows = hashes.map((hash) => r.mailboxByAddressHash(hash));
    return rows.find((row) => row !== null)?.id ?? 0;
  });
}

/** The address of a mailbox, opened in memory for the caller's own call. */
export async function openAddress(deps: SyncDeps, mailbox: MailboxRow): Promise<string> {
  try {
    return await deps.kms.withKey(mailbox.addressKey, (key) => openUnder(deps, mailbox, key));
  } catch (thrown) {
    throw keyEndOf(thrown) === null ? thrown : directoryKeyLost();
  }
}

/**
 * The addresses of all mailboxes by row number, opened in one go for the caller's own call. One that was damaged, or whose key is
 * lost, is left out: it must not hide the others.
 */
export async function openAddresses(deps: SyncDeps): Promise<Map<number, string>> {
  const keys = await someDirectoryKeys(deps);
  const rows = deps.store.read((r) => r.mailboxes());
  return await deps.kms.withKeys(loansOf(keys), (lent) => {
    const byUri = new Map(keys.map(({ uri }, at) => [uri, lent[at]]));
    return new Map(
      rows.flatMap((row) => {
        const key = byUri.get(row.addressKey);
        const address = key === undefined ? null : openedOrNull(deps, row, key);
        return address === null ? [] : [[row.id, address] as const];
      }),
    );
  });
}

/** Null when it was damaged. */
export function openedOrNull(deps: SyncDeps, row: MailboxRow, key: Uint8Array): string | null {
  try {
    return openUnder(deps, row, key);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'tampered') return null;
    throw thrown;
  }
}

function openUnder(deps: SyncDeps, row: MailboxRow, key: Uint8Array): string {
  const { addressKey, addressHash, addressSealed } = row;
  const plain = openEnvelope(key, addressKey, addressPlace(deps, addressHash), addressSealed);
  try {
    return Buffer.from(plain).toString('utf8');
  } finally {
    plain.fill(0);
  }
}

/** None only where no address is kept. */
async function someDirectoryKeys(deps: SyncDeps): Promise<KeyRow[]> {
  const usable = await usableDirectoryKeys(deps);
  if (usable.length === 0 && deps.store.read((r) => r.directoryKeys()).length > 0) throw directoryKeyLost();
  return usable;
}

function loansOf(keys: readonly KeyRow[]) {
  return keys.map(({ uri }) => ({ uri, purpose: 'open' }) as const);
}

// The row number is not known before the row is written; the keyed hash stands for the mailbox.
function addressPlace(deps: SyncDeps, addressHash: Uint8Array): Place {
  const mailbox = Buffer.from(addressHash).toString('hex');
  return { purpose: 'address', tenant: deps.settings.tenantId, mailbox, event: '', version: 1 };
}
