import sodium from 'libsodium-wrappers';

// The WebAssembly module loads asynchronously once; until then no primitive works.
let loaded: Promise<void> | undefined;

/** Resolves when libsodium can be used; to be awaited once at start and in tests. */
export function sodiumReady(): Promise<void> {
  loaded ??= sodium.ready;
  return loaded;
}

/** Version of the libsodium inside, e.g. `1.0.20`; not before `sodiumReady`. */
export function sodiumVersion(): string {
  return sodium.sodium_version_string();
}

export { sodium };
