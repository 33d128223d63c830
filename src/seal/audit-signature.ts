import sodium from 'libsodium-wrappers';
import { type AuditHead, canonicalHead, type SignedAuditHead } from '../domain/audit.ts';

const KEY_BYTES = 32;

/** Public key of the pair that grows from 32 random bytes; `sodiumReady` must have been awaited, as for the others. */
export function auditPublicKey(seed: Uint8Array): Uint8Array {
  const { publicKey, privateKey } = sodium.crypto_sign_seed_keypair(seed);
  privateKey.fill(0);
  return publicKey;
}

/** Signs a head of the audit log (Ed25519, libsodium crypto_sign_detached). */
export function signAuditHead(head: AuditHead, seed: Uint8Array): SignedAuditHead {
  const { publicKey, privateKey } = sodium.crypto_sign_seed_keypair(seed);
  try {
    const signature = sodium.crypto_sign_detached(canonicalHead(head), privateKey);
    return { ...head, publicKey: base64(publicKey), signature: base64(signature) };
  } finally {
    privateKey.fill(0);
  }
}

/** Whether the head was signed by the pair that it names. Whose pair that is has to be known from elsewhere. */
export function isSignedHead(head: SignedAuditHead): boolean {
  const [publicKey, signature] = [head.publicKey, head.signature].map((text) => Buffer.from(text, 'base64'));
  if (publicKey?.length !== KEY_BYTES || signature?.length !== sodium.crypto_sign_BYTES) return false;
  return sodium.crypto_sign_verify_detached(signature, canonicalHead(head), publicKey);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
