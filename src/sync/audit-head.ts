import { APPLIANCE, type AuditHead, GENESIS, type SignedAuditHead } from '../domain/audit.ts';
import { done } from '../domain/audit-facts.ts';
import type { Place } from '../domain/place.ts';
import type { SigningKeyRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import { auditPublicKey, signAuditHead } from '../seal/audit-signature.ts';
import { openEnvelope, sealEnvelope } from '../seal/envelope.ts';
import { isUsable, withDirectoryKey } from './directory-key.ts';
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

/** The pair under the present directory key; made at its first use, and anew when the KMS does not give its key out any more. */
export async function signingPair(deps: SyncDeps): Promise<SigningKeyRow> {
  const { known, directory } = deps.store.read((r) => ({
    known: r.signingKey(),
    directory: r.directoryKey(),
  }));
  if (known === null || !(await isUsable(deps, { uri: known.keyUri }))) return makePair(deps);
  return known.keyUri === directory?.uri ? known : await resealPair(deps, known);
}

/** The new pair's public key is a row of the log: its successor is certified by the chain, whose heads the old pair signed. */
async function makePair(deps: SyncDeps): Promise<SigningKeyRow> {
  const seed = deps.random.bytes(SEED_BYTES);
  try {
    const publicKey = auditPublicKey(seed);
    const row = await withDirectoryKey(deps, (key, { uri }) => sealedPair(deps, publicKey, seed, key, uri));
    const about = Buffer.from(publicKey).toString('base64');
    const made = done({ actor: APPLIANCE, act: 'audit.signing-key', subject: { about } }, row.madeAt);
    deps.store.write((w) => {
      keepPair(w, row, row.madeAt);
      w.addAudit(made);
    });
    return row;
  } finally {
    seed.fill(0);
  }
}

/** The directory key has changed: the pair moves along, so that the old key may go. */
async function resealPair(deps: SyncDeps, known: SigningKeyRow): Promise<SigningKeyRow> {
  const { publicKey, madeAt } = known;
  const row = await withDirectoryKey(
    deps,
    (key, { uri }, [old = key]) =>
      withSeed(deps, known, old, (seed) => sealedPair(deps, publicKey, seed, key, uri)),
    [known.keyUri],
  );
  const moved = { ...row, madeAt };
  deps.store.write((w) => keepPair(w, moved, deps.clock.now()));
  return moved;
}

function keepPair(w: Writer, row: SigningKeyRow, now: number): void {
  w.putSigningKey(row);
  countSeals(w, row.keyUri, 1, now);
}

function sealedPair(
  deps: SyncDeps,
  publicKey: Uint8Array,
  seed: Uint8Array,
  key: Uint8Array,
  uri: string,
): SigningKeyRow {
  const nonce = deps.random.bytes(NONCE_BYTES);
  const seedSealed = sealEnvelope(key, uri, pairPlace(deps, publicKey), seed, nonce);
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
