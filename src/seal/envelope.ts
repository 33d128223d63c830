import { AppError } from '../domain/app-error.ts';
import type { Place } from '../domain/place.ts';
import { placeBytes } from './place.ts';
import { withArea } from './sodium-area.ts';
import { steadyCopy } from './steady-bytes.ts';
import { deriveSubkey, SUBKEY_ROOM } from './subkey.ts';
import { NONCE_BYTES, openIn, sealIn, sealingRoom, TAG_BYTES } from './xchacha.ts';

/** Envelope: one format byte, 24 bytes of nonce, then XChaCha20-Poly1305 ciphertext with its 16-byte tag. */
const FORMAT = 1;
const HEAD_BYTES = 1 + NONCE_BYTES;

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
  const envelope = Buffer.allocUnsafe(HEAD_BYTES + plaintext.length + TAG_BYTES);
  envelope[0] = FORMAT;
  envelope.set(nonce, 1);
  withArea(SUBKEY_ROOM + sealingRoom(bound, plaintext.length), (area) => {
    const key = deriveSubkey(area, masterKey, 'rest');
    envelope.set(sealIn(area, key, nonce, bound, plaintext), HEAD_BYTES);
  });
  return envelope;
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
  if (envelope.length < HEAD_BYTES + TAG_BYTES || envelope[0] !== FORMAT) throw refused();
  const nonce = envelope.subarray(1, HEAD_BYTES);
  const sealed = envelope.subarray(HEAD_BYTES);
  const bound = placeBytes(FORMAT, keyUri, place);
  return withArea(SUBKEY_ROOM + sealingRoom(bound, sealed.length), (area) => {
    const key = deriveSubkey(area, masterKey, 'rest');
    const plain = openIn(area, key, nonce, bound, sealed);
    if (plain === null) throw refused();
    return steadyCopy(plain);
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
