import { normaliseAddress } from '../domain/address.ts';
import { AppError } from '../domain/app-error.ts';
import type { Place } from '../domain/place.ts';
import type { KeyRow, MailboxRow } from '../domain/rows.ts';
import { openEnvelope, sealEnvelope } from '../seal/envelope.ts';
import { keyedHash } from '../seal/keyed-hash.ts';
import { storeNewKeys } from './mailbox-keys.ts';
import type { SyncDeps } from './sync-deps.ts';

const NONCE_BYTES = 24;

/** The directory key: it seals the mailboxes' addresses and keys their look-up hashes (design D6). Made at the first start. */
export async function directoryKey(deps: SyncDeps): Promise<KeyRow> {
  const known = knownDirectoryKey(deps);
  if (known !== null) return known;
  // Two first mailboxes at the same time must not make two directory keys.
  const flight = making.get(deps.store) ?? makeDirectoryKey(deps).finally(() => making.delete(deps.store));
  making.set(deps.store, flight);
  return flight;
}

/** Null before the first start has reached the KMS. */
export function knownDirectoryKey(deps: Pick<SyncDeps, 'store'>): KeyRow | null {
  return deps.store.read((r) => r.directoryKey());
}

const making = new WeakMap<SyncDeps['store'], Promise<KeyRow>>();

async function makeDirectoryKey(deps: SyncDeps): Promise<KeyRow> {
  const [made] = await storeNewKeys(deps, [null], [[deps.settings.applianceUserId]]);
  if (made === undefined) throw noDirectoryKey();
  return made;
}

/** An address sealed for a new mailbox row, with its look-up hash. */
export async function sealAddress(
  deps: SyncDeps,
  address: string,
): Promise<Pick<MailboxRow, 'addressSealed' | 'addressHash'>> {
  const row = await directoryKey(deps);
  const normal = normaliseAddress(address);
  const addressHash = await hashAddress(deps, normal);
  const nonce = deps.random.bytes(NONCE_BYTES);
  const addressSealed = await deps.kms.withKey(row.uri, (key) =>
    sealEnvelope(key, row.uri, addressPlace(deps, addressHash), Buffer.from(normal, 'utf8'), nonce),
  );
  return { addressSealed, addressHash };
}

/** Look-up hash of an address under the directory key. */
export async function hashAddress(deps: SyncDeps, address: string): Promise<Uint8Array> {
  const row = await directoryKey(deps);
  return deps.kms.withKey(row.uri, (key) => keyedHash(key, 'address', normaliseAddress(address)));
}

/** The row number of the mailbox with this address; 0, which no mailbox has, when it is not enabled. */
export async function knownMailbox(deps: SyncDeps, address: string): Promise<number> {
  const hash = await hashAddress(deps, address);
  return deps.store.read((r) => r.mailboxByAddressHash(hash)?.id ?? 0);
}

/** The address of a mailbox, opened in memory for the caller's own call. */
export async function openAddress(deps: SyncDeps, mailbox: MailboxRow): Promise<string> {
  const row = knownDirectoryKey(deps);
  if (row === null) throw noDirectoryKey();
  return deps.kms.withKey(row.uri, (key) => openOne(deps, mailbox, row.uri, key));
}

/**
 * The addresses of all mailboxes by row number, opened in one go for the caller's own call. One that was damaged is left out:
 * it must not hide the others.
 */
export async function openAddresses(deps: SyncDeps): Promise<Map<number, string>> {
  const rows = deps.store.read((r) => r.mailboxes());
  if (rows.length === 0) return new Map();
  const key = knownDirectoryKey(deps);
  if (key === null) throw noDirectoryKey();
  return deps.kms.withKey(
    key.uri,
    (bytes) =>
      new Map(
        rows.flatMap((row) => {
          const address = openedOrNull(deps, row, key.uri, bytes);
          return address === null ? [] : [[row.id, address] as const];
        }),
      ),
  );
}

function openedOrNull(deps: SyncDeps, row: MailboxRow, uri: string, key: Uint8Array): string | null {
  try {
    return openOne(deps, row, uri, key);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'tampered') return null;
    throw thrown;
  }
}

function openOne(deps: SyncDeps, row: MailboxRow, uri: string, key: Uint8Array): string {
  const plain = openEnvelope(key, uri, addressPlace(deps, row.addressHash), row.addressSealed);
  try {
    return Buffer.from(plain).toString('utf8');
  } finally {
    plain.fill(0);
  }
}

// The row number is not known before the row is written; the keyed hash stands for the mailbox.
function addressPlace(deps: SyncDeps, addressHash: Uint8Array): Place {
  const mailbox = Buffer.from(addressHash).toString('hex');
  return { purpose: 'address', tenant: deps.settings.tenantId, mailbox, event: '', version: 1 };
}

function noDirectoryKey(): AppError {
  return new AppError({
    code: 'unavailable',
    reason: 'NO_DIRECTORY_KEY',
    message: 'There is no directory key yet: the KMS has not answered since the first start.',
    scope: 'upstream',
    upstream: 'kms',
  });
}
