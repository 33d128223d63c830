import type { SodiumArea } from './sodium-area.ts';

/** What a subkey is for. The wire key is the KMS key itself, so no subkey ever coincides with it (design D5). */
export type SubkeyPurpose = 'rest' | 'lookup' | 'context';

const IDS: Readonly<Record<SubkeyPurpose, number>> = { rest: 1, lookup: 2, context: 3 };
const CONTEXT = Buffer.from('hybrcal1', 'ascii');

export const KEY_BYTES = 32;
/** What `deriveSubkey` takes of an area. */
export const SUBKEY_ROOM = 2 * KEY_BYTES + CONTEXT.length;

/** Derives a subkey of the 32-byte KMS key inside the area, where it is wiped with it (libsodium crypto_kdf). Its address. */
export function deriveSubkey(area: SodiumArea, masterKey: Uint8Array, purpose: SubkeyPurpose): number {
  if (masterKey.length !== KEY_BYTES) throw new RangeError('a key has 32 bytes');
  const subkey = area.room(KEY_BYTES);
  const [context, key] = [area.put(CONTEXT), area.put(masterKey)];
  area.library._crypto_kdf_derive_from_key(subkey, KEY_BYTES, IDS[purpose], 0, context, key);
  return subkey;
}
