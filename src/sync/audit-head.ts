import { APPLIANCE, type AuditHead, GENESIS, type SignedAuditHead } from '../domain/audit.ts';
import { done } from '../domain/audit-facts.ts';
import type { Place } from '../domain/place.ts';
import type { KeyRow, SigningKeyRow } from '../domain/rows.ts';
import type { Reader } from '../domain/store-port.ts';
import { auditPublicKey, signAuditHead } from '../seal/audit-signature.ts';
import { openEnvelope, sealEnvelope } from '../seal/envelope.ts';
import { withDirectoryKey } from './directory-key.ts';
import type { SyncDeps } from './sync-deps.ts';
import { countSeals } from './working-key.ts';

const SEED_BYTES = 32;
const NONCE_BYTES = 24;

/** Signs where the audit log stands: all from row `first` on. Needs the KMS, because the signing pair is stored sealed. */
export async function signedHead(deps: SyncDeps, first: number): Promise<SignedAuditHead> {
  const pair = await signingPair(deps);
  const head = deps.store.read((r) => headOf(r, first, deps.clock.now()));
  return deps.kms.withKey(pair.keyUri, (key) =>
    withSeed(deps, pair, key, (seed) => signAuditHead(head, seed)),
  );
}

function headOf(r: Reader, first: number, at: number): AuditHead {
  const [newest] = r.auditLast(1);
  const [before] = first > 1 ? r.auditFrom(first - 1, 1) : [];
  const previous = before?.hash ?? GENESIS;
  const last = Math.max(newest?.seq ?? 0, first - 1);
  return {
    first,
    previous,
    last,
    hash: newest === undefined || newest.seq < first ? previous : newest.hash,
    at,
  };
}

/** The pair under the present directory key; made at its first use, and anew when its own directory key is gone. */
export async function signingPair(deps: SyncDeps): Promise<SigningKeyRow> {
  const directory = await withDirectoryKey(deps, (_key, row) => row);
  const known = deps.store.read((r) => r.signingKey());
  if (known === null || deps.store.read((r) => r.key(known.keyUri)) === null)
    return makePair(deps, directory);
  return known.keyUri === directory.uri ? known : await resealPair(deps, known, directory);
}

/** The new pair's public key is a row of the log: its successor is certified by the chain, whose heads the old pair signed. */
async function makePair(deps: SyncDeps, directory: KeyRow): Promise<SigningKeyRow> {
  const seed = deps.random.bytes(SEED_BYTES);
  try {
    const row = await sealedPair(deps, auditPublicKey(seed), seed, directory);
    const about = Buffer.from(row.publicKey).toString('base64');
    deps.store.write((w) => {
      w.putSigningKey(row);
      countSeals(w, row.keyUri, 1, row.madeAt);
      w.addAudit(done({ actor: APPLIANCE, act: 'audit.signing-key', subject: { about } }, row.madeAt));
    });
    return row;
  } finally {
    seed.fill(0);
  }
}

/** The directory key has changed: the pair moves along, so that the old key may go. */
async function resealPair(deps: SyncDeps, known: SigningKeyRow, directory: KeyRow): Promise<SigningKeyRow> {
  const seed = await deps.kms.withKey(known.keyUri, (key) =>
    withSeed(deps, known, key, (open) => open.slice()),
  );
  try {
    const row = { ...(await sealedPair(deps, known.publicKey, seed, directory)), madeAt: known.madeAt };
    deps.store.write((w) => {
      w.putSigningKey(row);
      countSeals(w, row.keyUri, 1, deps.clock.now());
    });
    return row;
  } finally {
    seed.fill(0);
  }
}

async function sealedPair(
  deps: SyncDeps,
  publicKey: Uint8Array,
  seed: Uint8Array,
  { uri }: KeyRow,
): Promise<SigningKeyRow> {
  const nonce = deps.random.bytes(NONCE_BYTES);
  const place = pairPlace(deps, publicKey);
  const seedSealed = await deps.kms.withKey(uri, (key) => sealEnvelope(key, uri, place, seed, nonce), 'seal');
  return { publicKey, seedSealed, keyUri: uri, madeAt: deps.clock.now() };
}

function withSeed<T>(deps: SyncDeps, row: SigningKeyRow, key: Uint8Array, use: (seed: Uint8Array) => T): T {
  const seed = openEnvelope(key, row.keyUri, pairPlace(deps, row.publicKey), row.seedSealed);
  try {
    return use(seed);
  } finally {
    seed.fill(0);
  }
}

function pairPlace(deps: SyncDeps, publicKey: Uint8Array): Place {
  const event = Buffer.from(publicKey).toString('hex');
  return { purpose: 'audit-key', tenant: deps.settings.tenantId, mailbox: '', event, version: 1 };
}
