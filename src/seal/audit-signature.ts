import sodium from 'libsodium-wrappers';
import { type AuditHead, canonicalHead, type SignedAuditHead } from '../domain/audit.ts';
import { type SodiumArea, withArea } from './sodium-area.ts';

const SEED_BYTES = 32;
const PUBLIC_BYTES = 32;
const PRIVATE_BYTES = 64;
const SIGNATURE_BYTES = 64;
const PAIR_ROOM = SEED_BYTES + PUBLIC_BYTES + PRIVATE_BYTES;

/** Public key of the pair that grows from 32 random bytes; `sodiumReady` must have been awaited, as for the others. */
export function auditPublicKey(seed: Uint8Array): Uint8Array {
  return withArea(PAIR_ROOM, (area) => area.view(pairIn(area, seed).publicKey, PUBLIC_BYTES).slice());
}

/** Signs a head of the audit log (Ed25519, libsodium crypto_sign_detached). The pair lives in memory for this call only. */
export function signAuditHead(head: AuditHead, seed: Uint8Array): SignedAuditHead {
  const message = canonicalHead(head);
  return withArea(PAIR_ROOM + message.length + SIGNATURE_BYTES, (area) => {
    const pair = pairIn(area, seed);
    const signature = area.room(SIGNATURE_BYTES);
    area.library._crypto_sign_detached(
      signature,
      null,
      area.put(message),
      message.length,
      0,
      pair.privateKey,
    );
    return {
      ...head,
      publicKey: base64(area.view(pair.publicKey, PUBLIC_BYTES)),
      signature: base64(area.view(signature, SIGNATURE_BYTES)),
    };
  });
}

/** Whether the head was signed by the pair that it names. Whose pair that is has to be known from elsewhere. */
export function isSignedHead(head: SignedAuditHead): boolean {
  const publicKey = Buffer.from(head.publicKey, 'base64');
  const signature = Buffer.from(head.signature, 'base64');
  if (publicKey.length !== PUBLIC_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  return sodium.crypto_sign_verify_detached(signature, canonicalHead(head), publicKey);
}

/** Addresses of a pair's keys inside the area. */
function pairIn(area: SodiumArea, seed: Uint8Array): { publicKey: number; privateKey: number } {
  if (seed.length !== SEED_BYTES) throw new RangeError('a pair grows from 32 bytes');
  const [publicKey, privateKey] = [area.room(PUBLIC_BYTES), area.room(PRIVATE_BYTES)];
  area.library._crypto_sign_seed_keypair(publicKey, privateKey, area.put(seed));
  return { publicKey, privateKey };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
