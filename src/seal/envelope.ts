import { AppError } from '../domain/app-error.ts';
import type { Place } from '../domain/place.ts';
import { placeBytes } from './place.ts';
import { sodium } from './sodium.ts';
import { withSubkey } from './subkey.ts';

/** Envelope: one format byte, 24 bytes of nonce, then XChaCha20-Poly1305 ciphertext with its 16-byte tag. */
const FORMAT = 1;
const NONCE_BYTES = 24;
const TAG_BYTES = 16;

/** Seals for rest under a subkey of the KMS key; the nonce must be fresh random bytes for every call. */
export function sealEnvelope(
  masterKey: Uint8Array,
  keyUri: string,
  place: Place,
  plaintext: Uint8Array,
  nonce: Uint8Array,
): Uint8Array {
  if (nonce.length !== NONCE_BYTES) throw new RangeError('an envelope needs a nonce of 24 bytes');
  const bound = placeBytes(FORMAT, keyUri, place);
  const ciphertext = withSubkey(masterKey, 'rest', (key) =>
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, bound, null, nonce, key),
  );
  return Buffer.concat([Uint8Array.of(FORMAT), nonce, ciphertext]);
}

/**
 * The plaintext, which the caller wipes. Throws AppError `tampered` SEAL_REFUSED for every damaged, moved, rolled back or foreign
 * envelope alike; there is never a partial output.
 */
export function openEnvelope(
  masterKey: Uint8Array,
  keyUri: string,
  place: Place,
  envelope: Uint8Array,
): Uint8Array {
  if (envelope.length < 1 + NONCE_BYTES + TAG_BYTES || envelope[0] !== FORMAT) throw refused();
  const nonce = envelope.subarray(1, 1 + NONCE_BYTES);
  const ciphertext = envelope.subarray(1 + NONCE_BYTES);
  const bound = placeBytes(FORMAT, keyUri, place);
  return withSubkey(masterKey, 'rest', (key) => {
    try {
      return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, ciphertext, bound, nonce, key);
    } catch {
      throw refused();
    }
  });
}

/** One error for everything that does not open: how it failed is nobody's business. */
export function refused(): AppError {
  return new AppError({
    code: 'tampered',
    reason: 'SEAL_REFUSED',
    message: 'A sealed record does not open: it was changed, moved or put back from an older version.',
  });
}
