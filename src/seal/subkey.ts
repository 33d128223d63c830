import { sodium } from './sodium.ts';

/** What a subkey is for. The wire key is the KMS key itself, so no subkey ever coincides with it (design D5). */
export type SubkeyPurpose = 'rest' | 'lookup' | 'context';

const IDS: Readonly<Record<SubkeyPurpose, number>> = { rest: 1, lookup: 2, context: 3 };
const CONTEXT = 'hybrcal1';
const BYTES = 32;

/** Lends a subkey of the 32-byte KMS key to one call and zeroes it afterwards (libsodium crypto_kdf). */
export function withSubkey<T>(
  masterKey: Uint8Array,
  purpose: SubkeyPurpose,
  use: (subkey: Uint8Array) => T,
): T {
  const subkey = sodium.crypto_kdf_derive_from_key(BYTES, IDS[purpose], CONTEXT, masterKey);
  try {
    return use(subkey);
  } finally {
    subkey.fill(0);
  }
}
