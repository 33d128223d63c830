import { lengthPrefixed } from './place.ts';
import { sodium } from './sodium.ts';
import { withSubkey } from './subkey.ts';

const BYTES = 32;

/** 32 bytes of BLAKE2b keyed with the look-up subkey: equal data is recognised, nothing else can be learnt without the key. */
export function keyedHash(masterKey: Uint8Array, purpose: string, data: Uint8Array | string): Uint8Array {
  const bytes = lengthPrefixed([purpose, data]);
  return withSubkey(masterKey, 'lookup', (key) => sodium.crypto_generichash(BYTES, bytes, key));
}
