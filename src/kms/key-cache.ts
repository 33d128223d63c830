/** The keys of 75,000 mailboxes, with the one before each; never fewer than the mailboxes in use (design D6). */
const MAX_KEYS = 150_000;

/** What is known of a key besides its bytes. */
export interface KeyFacts {
  /** Of the monotonic clock, in milliseconds. */
  readonly validatedAt: number;
  /** Epoch milliseconds after which it must not seal any more; null when the KMS set none. */
  readonly sealUntil: number | null;
}

export interface CachedKey extends KeyFacts {
  readonly bytes: Uint8Array;
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
  put(uri: string, bytes: Uint8Array, facts: KeyFacts): void {
    this.evict(uri);
    this.#keys.set(uri, { ...facts, bytes: Uint8Array.from(bytes) });
    const oldest = this.#keys.keys().next().value;
    if (this.#keys.size > this.#limit && oldest !== undefined) this.evict(oldest);
  }

  /** When the key that was not validated for the longest time was; null without any. */
  oldestValidation(): number | null {
    let oldest: number | null = null;
    for (const { validatedAt } of this.#keys.values()) oldest = Math.min(oldest ?? validatedAt, validatedAt);
    return oldest;
  }

  evict(uri: string): void {
    this.#keys.get(uri)?.bytes.fill(0);
    this.#keys.delete(uri);
  }

  clear(): void {
    for (const uri of [...this.#keys.keys()]) this.evict(uri);
  }
}
