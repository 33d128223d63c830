import sodium from 'libsodium-wrappers';

/**
 * libsodium's own functions, beneath the wrappers, which copy every argument into freshly allocated memory and leave it there
 * readable. Addresses are offsets into HEAPU8; 64-bit numbers come in two halves, and the upper one is always 0 here.
 */
export interface Libsodium {
  /** Another array after the memory has grown. */
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  _crypto_kdf_derive_from_key(
    subkey: number,
    length: number,
    id: number,
    idUpper: number,
    context: number,
    key: number,
  ): number;
  _crypto_generichash(
    hash: number,
    hashLength: number,
    message: number,
    length: number,
    lengthUpper: number,
    key: number,
    keyLength: number,
  ): number;
  _crypto_sign_seed_keypair(publicKey: number, privateKey: number, seed: number): number;
  _crypto_sign_detached(
    signature: number,
    signatureLength: null,
    message: number,
    length: number,
    lengthUpper: number,
    privateKey: number,
  ): number;
  _crypto_aead_xchacha20poly1305_ietf_encrypt(
    sealed: number,
    sealedLength: null,
    plain: number,
    plainLength: number,
    plainLengthUpper: number,
    bound: number,
    boundLength: number,
    boundLengthUpper: number,
    secretNonce: null,
    nonce: number,
    key: number,
  ): number;
  _crypto_aead_xchacha20poly1305_ietf_decrypt(
    plain: number,
    plainLength: null,
    secretNonce: null,
    sealed: number,
    sealedLength: number,
    sealedLengthUpper: number,
    bound: number,
    boundLength: number,
    boundLengthUpper: number,
    nonce: number,
    key: number,
  ): number;
}

const NEEDED = [
  '_malloc',
  '_free',
  '_crypto_kdf_derive_from_key',
  '_crypto_generichash',
  '_crypto_sign_seed_keypair',
  '_crypto_sign_detached',
  '_crypto_aead_xchacha20poly1305_ietf_encrypt',
  '_crypto_aead_xchacha20poly1305_ietf_decrypt',
] as const satisfies readonly (keyof Libsodium)[];

// The WebAssembly module loads asynchronously once; until then no primitive works.
let loading: Promise<void> | undefined;
let loaded: Libsodium | undefined;

/** Resolves when libsodium can be used; to be awaited once at start and in tests. */
export function sodiumReady(): Promise<void> {
  loading ??= sodium.ready.then(() => {
    loaded = libsodiumOf(Reflect.get(sodium, 'libsodium'));
  });
  return loading;
}

/** The loaded library. Throws when nobody has waited for `sodiumReady`. */
export function libsodium(): Libsodium {
  if (loaded === undefined) throw new Error('libsodium is not loaded yet');
  return loaded;
}

/** Version of the libsodium inside, e.g. `1.0.20`; not before `sodiumReady`. */
export function sodiumVersion(): string {
  return sodium.sodium_version_string();
}

/** The types of the package do not show it; a version without these functions must fail at the start and not at a seal. */
function libsodiumOf(found: unknown): Libsodium {
  const complete =
    typeof found === 'object' &&
    found !== null &&
    'HEAPU8' in found &&
    NEEDED.every((name) => typeof Reflect.get(found, name) === 'function');
  if (!complete) throw new Error('this version of libsodium-wrappers does not show the library beneath');
  return found as object as Libsodium;
}
