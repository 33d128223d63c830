import { steadyCopy } from '../seal/steady-bytes.ts';

/** The keys of 75,000 mailboxes, with the one before each; never fewer than the mailboxes in use (design D6). */
const MAX_KEYS = 150_000;

/** A moment on both clocks, in milliseconds. */
export interface Moment {
  readonly epochMs: number;
  readonly monotonicMs: number;
}

/** What is known of a key besides its bytes. */
export interface KeyFacts {
  /** When the KMS last gave it out. */
  readonly validatedAt: Moment;
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
    this.#keys.set(uri, { ...facts, bytes: steadyCopy(bytes) });
    const oldest = this.#keys.keys().next().value;
    if (this.#keys.size > this.#limit && oldest !== undefined) this.evict(oldest);
  }

  /** When each key was last given out. */
  *validations(): Generator<Moment> {
    for (const { validatedAt } of this.#keys.values()) yield validatedAt;
  }

  evict(uri: string): void {
    this.#keys.get(uri)?.bytes.fill(0);
    this.#keys.delete(uri);
  }

  clear(): void {
    for (const uri of [...this.#keys.keys()]) this.evict(uri);
  }
}
