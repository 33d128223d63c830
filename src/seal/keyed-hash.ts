import { lengthPrefixed } from './place.ts';
import { withArea } from './sodium-area.ts';
import { deriveSubkey, KEY_BYTES, SUBKEY_ROOM, type SubkeyPurpose } from './subkey.ts';

const BYTES = 32;

/** 32 bytes of BLAKE2b keyed with the look-up subkey: equal data is recognised, nothing else can be learnt without the key. */
export function keyedHash(masterKey: Uint8Array, purpose: string, data: Uint8Array | string): Uint8Array {
  const bytes = lengthPrefixed([purpose, data]);
  try {
    return subkeyHash(masterKey, 'lookup', bytes, BYTES);
  } finally {
    bytes.fill(0);
  }
}

/** BLAKE2b of the bytes, keyed with a subkey (libsodium crypto_generichash). */
export function subkeyHash(
  masterKey: Uint8Array,
  purpose: SubkeyPurpose,
  bytes: Uint8Array,
  length: number,
): Uint8Array {
  return withArea(SUBKEY_ROOM + length + bytes.length, (area) => {
    const key = deriveSubkey(area, masterKey, purpose);
    const hash = area.room(length);
    area.library._crypto_generichash(hash, length, area.put(bytes), bytes.length, 0, key, KEY_BYTES);
    return area.view(hash, length).slice();
  });
}
