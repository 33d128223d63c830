import type { SodiumArea } from './sodium-area.ts';

export const NONCE_BYTES = 24;
export const TAG_BYTES = 16;

/** What sealing or opening takes of an area, besides the key; the nonce has exactly NONCE_BYTES. */
export function sealingRoom(bound: Uint8Array, plainLength: number): number {
  return NONCE_BYTES + bound.length + plainLength + TAG_BYTES;
}

/** XChaCha20-Poly1305 inside the area, under the key at an address. The bytes are gone with the area: ciphertext, then tag. */
export function sealIn(
  area: SodiumArea,
  key: number,
  nonce: Uint8Array,
  bound: Uint8Array,
  plain: Uint8Array,
): Uint8Array {
  const [at, ad] = [area.put(nonce), area.put(bound)];
  const text = area.put(plain);
  area.room(TAG_BYTES);
  const { length } = plain;
  // In place: the ciphertext takes the room of the plaintext.
  area.library._crypto_aead_xchacha20poly1305_ietf_encrypt(
    text,
    null,
    text,
    length,
    0,
    ad,
    bound.length,
    0,
    null,
    at,
    key,
  );
  return area.view(text, length + TAG_BYTES);
}

/** The way back; null when the tag does not fit. The bytes are gone with the area. */
export function openIn(
  area: SodiumArea,
  key: number,
  nonce: Uint8Array,
  bound: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | null {
  const [at, ad] = [area.put(nonce), area.put(bound)];
  const text = area.put(sealed);
  const { length } = sealed;
  const failed = area.library._crypto_aead_xchacha20poly1305_ietf_decrypt(
    text,
    null,
    null,
    text,
    length,
    0,
    ad,
    bound.length,
    0,
    at,
    key,
  );
  return failed === 0 ? area.view(text, length - TAG_BYTES) : null;
}
