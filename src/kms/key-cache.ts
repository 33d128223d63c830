const MAX_KEYS = 10_000;

interface CachedKey {
  readonly bytes: Uint8Array;
  /** Of the monotonic clock, in milliseconds. */
  readonly validatedAt: number;
}

/** Private copies of plaintext keys, the least recently used going first. Bytes are zeroed as soon as they leave. */
export class KeyCache {
  readonly #keys = new Map<string, CachedKey>();
  readonly #limit: number;

  constructor(limit: number = MAX_KEYS) {
    this.#limit = limit;
  }

  /** The cache's own bytes: lend them, never keep them. */
  find(uri: string): CachedKey | null {
    const found = this.#keys.get(uri);
    if (found === undefined) return null;
    this.#keys.delete(uri);
    this.#keys.set(uri, found);
    return found;
  }

  /** Copies the bytes. */
  put(uri: string, bytes: Uint8Array, validatedAt: number): void {
    this.evict(uri);
    this.#keys.set(uri, { bytes: Uint8Array.from(bytes), validatedAt });
    const oldest = this.#keys.keys().next().value;
    if (this.#keys.size > this.#limit && oldest !== undefined) this.evict(oldest);
  }

  evict(uri: string): void {
    this.#keys.get(uri)?.bytes.fill(0);
    this.#keys.delete(uri);
  }

  clear(): void {
    for (const uri of [...this.#keys.keys()]) this.evict(uri);
  }
}
