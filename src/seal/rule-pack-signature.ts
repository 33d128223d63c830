import sodium from 'libsodium-wrappers';

/** A pack's bytes with the signature before them, as one file: a line that names and signs, then the pack as it is. */
const HEADER = 'hybrid-calendar rule pack, ed25519 ';
const SIGNATURE_CHARS = 88;
const KEY_BYTES = 32;
const CONTEXT = new TextEncoder().encode('hybrid-calendar rule pack 1\n');

export interface SigningKeys {
  readonly publicKey: Uint8Array;
  /** 32 bytes that the pair grows from. */
  readonly seed: Uint8Array;
}

/** The pair of 32 random bytes (libsodium crypto_sign_seed_keypair); `sodiumReady` must have been awaited, as for the others. */
export function signingKeysOf(seed: Uint8Array): SigningKeys {
  const { publicKey } = sodium.crypto_sign_seed_keypair(seed);
  return { publicKey, seed };
}

/** The signed file of a pack. */
export function signRulePack(pack: Uint8Array, seed: Uint8Array): Uint8Array {
  const { privateKey } = sodium.crypto_sign_seed_keypair(seed);
  const signature = sodium.crypto_sign_detached(bound(pack), privateKey);
  privateKey.fill(0);
  const header = `${HEADER}${Buffer.from(signature).toString('base64')}\n`;
  return Buffer.concat([Buffer.from(header), pack]);
}

/** The pack's bytes out of a signed file; null when it is none, or when it was not signed with this key. */
export function verifiedRulePack(file: Uint8Array, publicKey: Uint8Array): Uint8Array | null {
  const start = HEADER.length + SIGNATURE_CHARS;
  const header = Buffer.from(file.subarray(0, start + 1)).toString('latin1');
  if (!header.startsWith(HEADER) || header[start] !== '\n' || publicKey.length !== KEY_BYTES) return null;
  const written = header.slice(HEADER.length, start);
  const signature = Buffer.from(written, 'base64');
  // Base64 can write the same bytes in several ways; one of them is enough.
  if (signature.toString('base64') !== written) return null;
  const pack = file.subarray(start + 1);
  if (signature.length !== sodium.crypto_sign_BYTES) return null;
  return sodium.crypto_sign_verify_detached(signature, bound(pack), publicKey) ? pack : null;
}

/** What is signed says what it is: no other signature of the same key can stand in for it. */
function bound(pack: Uint8Array): Uint8Array {
  return Buffer.concat([CONTEXT, pack]);
}
