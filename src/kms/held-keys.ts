import { AppError } from '../domain/app-error.ts';
import type { KeyOutage, KeyPurpose } from '../domain/key-port.ts';
import type { Clock } from '../domain/ports.ts';
import type { RetrievedKey } from './key-answers.ts';
import { type CachedKey, KeyCache, type Moment } from './key-cache.ts';
import { closedFault, expiredKey, isOutage, lostKey } from './kms-fault.ts';

/** How long a KMS that did not answer is left alone while keys in memory still serve. */
const RETRY_MS = 30_000;

export interface HeldKeysDeps {
  readonly clock: Clock;
  /** How long after its last validation a key may be used while the KMS is out of reach. */
  readonly maxOfflineMs: number;
  /** Age at which a key in memory is asked for again. */
  readonly revalidateMs: number;
  /** Gets a key from the KMS. Throws AppError. */
  retrieve(uri: string): Promise<RetrievedKey>;
}

interface Outage {
  /** Epoch milliseconds. */
  readonly since: number;
  /** The last one. */
  readonly fault: AppError;
  /** Of the monotonic clock. */
  retryAt: number;
}

/**
 * The plaintext keys in memory, and when they may be used (design D6): validated again when they are old, lent without the KMS
 * only while it is out of reach and only for so long, gone at once when it refuses.
 */
export class HeldKeys {
  readonly #deps: HeldKeysDeps;
  readonly #cache = new KeyCache();
  readonly #obtaining = new Map<string, Promise<number | null>>();
  #outage: Outage | null = null;
  #closed = false;

  constructor(deps: HeldKeysDeps) {
    this.#deps = deps;
  }

  /** Sees to it that the keys are in memory and may be used. Throws what `retrieve` throws. */
  async ready(uris: readonly string[]): Promise<void> {
    await Promise.all(uris.map((uri) => this.#makeReady(uri)));
  }

  /** The bytes of a key that is ready, to be lent to one synchronous call. Throws KMS_KEY_EXPIRED when it must not seal. */
  bytes(uri: string, purpose: KeyPurpose): Uint8Array {
    const found = this.#cache.find(uri);
    if (found === null) throw this.#closed ? closedFault() : lostKey();
    const ended = found.sealUntil !== null && this.#deps.clock.now() >= found.sealUntil;
    if (purpose === 'seal' && ended) throw expiredKey();
    return found.bytes;
  }

  /** Gets the key from the KMS; whoever wants it meanwhile shares that. Resolves with its end of sealing. */
  async obtain(uri: string): Promise<number | null> {
    const known = this.#obtaining.get(uri);
    if (known !== undefined) return await known;
    const started = this.#obtain(uri).finally(() => this.#obtaining.delete(uri));
    this.#obtaining.set(uri, started);
    return await started;
  }

  /** The KMS is out of reach, and what is in memory serves; null while it answers. */
  outage(): KeyOutage | null {
    if (this.#outage === null) return null;
    const { since, fault } = this.#outage;
    let [oldestMs, youngestMs] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (const moment of this.#cache.validations()) {
      const age = this.#age(moment);
      oldestMs = Math.max(oldestMs, age);
      youngestMs = Math.min(youngestMs, age);
    }
    return {
      since,
      reason: fault.reason,
      firstEndAt: this.#endAt(oldestMs),
      lastEndAt: this.#endAt(youngestMs),
    };
  }

  evict(uri: string): void {
    this.#cache.evict(uri);
  }

  /** Zeroes all keys: the KMS refuses the appliance itself. */
  clear(): void {
    this.#cache.clear();
  }

  close(): void {
    this.#closed = true;
    this.#cache.clear();
  }

  async #makeReady(uri: string): Promise<void> {
    const known = this.#cache.find(uri);
    if (known !== null && this.#age(known.validatedAt) < this.#deps.revalidateMs) {
      // It serves as it is; but whether the outage is over nobody else may ask.
      if (this.#outage !== null) this.#askInPassing(uri);
      return;
    }
    // In a known outage nobody waits for an answer that will not come; the question is asked all the same.
    if (known !== null && this.#outage !== null && this.#servesOffline(known)) this.#askInPassing(uri);
    else await this.#validate(uri);
  }

  async #validate(uri: string): Promise<void> {
    try {
      await this.#askOneByOne(uri);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      const known = this.#cache.find(uri);
      // Only an outage that may pass leaves a copy, and only as long as the copy may still serve.
      if (isOutage(thrown) && known !== null && this.#servesOffline(known)) return;
      this.#cache.evict(uri);
      throw thrown;
    }
  }

  // In a known outage one question at a time is on its way: a silent KMS would hold up all others for as long as each of them.
  async #askOneByOne(uri: string): Promise<void> {
    const isAsking = this.#obtaining.size > 0 && !this.#obtaining.has(uri);
    if (this.#outage !== null && isAsking) throw this.#outage.fault;
    await this.obtain(uri);
  }

  #askInPassing(uri: string): void {
    const now = this.#deps.clock.monotonicMs();
    if (this.#outage === null || now < this.#outage.retryAt) return;
    this.#outage.retryAt = now + RETRY_MS;
    // What it finds out is kept: the key is fresh, gone, or the outage goes on.
    void this.#validate(uri).catch(() => undefined);
  }

  async #obtain(uri: string): Promise<number | null> {
    try {
      const key = await this.#deps.retrieve(uri);
      this.#outage = null;
      return this.#keep(uri, key);
    } catch (thrown) {
      if (thrown instanceof AppError) this.#noteFailure(thrown);
      throw thrown;
    }
  }

  #noteFailure(fault: AppError): void {
    if (!isOutage(fault)) {
      this.#outage = null;
      return;
    }
    const { clock } = this.#deps;
    const { since } = this.#outage ?? { since: clock.now() };
    const retryAt = clock.monotonicMs() + Math.max(RETRY_MS, fault.retryAfterMs ?? 0);
    this.#outage = { since, fault, retryAt };
  }

  #keep(uri: string, { bytes, sealUntil }: RetrievedKey): number | null {
    try {
      if (this.#closed) throw closedFault();
      this.#cache.put(uri, bytes, { validatedAt: this.#moment(), sealUntil });
      return sealUntil;
    } finally {
      bytes.fill(0);
    }
  }

  /** When a key of this age stops serving, or has stopped; null when there is none. */
  #endAt(ageMs: number): number | null {
    return Number.isFinite(ageMs) ? this.#deps.clock.now() + this.#deps.maxOfflineMs - ageMs : null;
  }

  #servesOffline({ validatedAt }: CachedKey): boolean {
    return this.#age(validatedAt) < this.#deps.maxOfflineMs;
  }

  #moment(): Moment {
    const { clock } = this.#deps;
    return { epochMs: clock.now(), monotonicMs: clock.monotonicMs() };
  }

  // The larger of two ages: one clock can be set back, the other stands still while the machine sleeps.
  #age(at: Moment): number {
    const now = this.#moment();
    return Math.max(now.epochMs - at.epochMs, now.monotonicMs - at.monotonicMs);
  }
}
