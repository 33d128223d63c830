import { z } from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { Clock, EventStream, IssuedKey, KeyService, Random } from '../domain/ports.ts';
import type { HttpClient } from '../net/http-client.ts';
import { KeyCache } from './key-cache.ts';
import { kmsFault, malformedAnswer } from './kms-fault.ts';
import { KMS_TIMING, KmsSession, type KmsTiming } from './kms-session.ts';

const KEY_BYTES = 32;
const DATE = z.iso.datetime({ offset: true }).optional();
const KEY = z.looseObject({
  uri: z.string().min(1),
  jwk: z.looseObject({ kty: z.literal('oct'), k: z.string() }),
  expirationDate: DATE,
});
const WITHDRAWN_ALREADY = new Set(['KMS_KEY_REFUSED', 'KMS_KEY_GONE']);
/** A KMS tells the new keys or only where they are. */
const CREATED = z.union([
  z
    .looseObject({ keys: z.array(z.looseObject({ uri: z.string().min(1) })) })
    .transform(({ keys }) => keys.map(({ uri }) => uri)),
  z.looseObject({ keyUris: z.array(z.string().min(1)) }).transform(({ keyUris }) => keyUris),
]);
const BOUND = z.looseObject({ resource: z.looseObject({ uri: z.string().min(1), expirationDate: DATE }) });
const RETRIEVED = z.looseObject({ key: KEY });

type Key = z.infer<typeof KEY>;

export interface KeyServiceDeps {
  readonly http: HttpClient;
  /** Base URL of the encryption service. */
  readonly url: string;
  /** The appliance's own UUID at Webex. */
  readonly userId: string;
  token(): string;
  /** URL of the registered device, or another stable name of this client. */
  clientId(): string;
  /** PEM of every root that a KMS may be certified by. */
  readonly rootsPem: string;
  readonly eventStream: EventStream;
  readonly clock: Clock;
  readonly random: Random;
  /** How long after its last validation a key may be used while the KMS is unreachable. */
  readonly maxOfflineMs: number;
  /** Age at which a key in memory is asked for again. */
  readonly revalidateMs: number;
  /** Called after each verified answer. */
  readonly answered: () => void;
  /** Default KMS_TIMING. */
  readonly timing?: KmsTiming;
}

/** The keys of a real KMS. `close` zeroes everything and ends what waits. */
export function openKeyService(deps: KeyServiceDeps): KeyService & { close(): void } {
  return new KmsKeys(deps);
}

class KmsKeys implements KeyService {
  readonly #deps: KeyServiceDeps;
  readonly #session: KmsSession;
  readonly #cache = new KeyCache();
  readonly #retrieving = new Map<string, Promise<number | null>>();
  #closed = false;

  constructor(deps: KeyServiceDeps) {
    this.#deps = deps;
    this.#session = new KmsSession({ ...deps, timing: deps.timing ?? KMS_TIMING });
  }

  async issue(readersOfEach: readonly (readonly string[])[]): Promise<IssuedKey[]> {
    if (readersOfEach.length === 0) return [];
    const fields = { count: readersOfEach.length };
    const uris = understood(CREATED, await this.#session.ask({ method: 'create', uri: '/keys', fields }));
    if (uris.length !== readersOfEach.length) throw malformedAnswer();
    const bound = await Promise.all(uris.map((uri, at) => this.#bind(uri, readersOfEach[at] ?? [])));
    return await Promise.all(bound.map((key) => this.#issued(key)));
  }

  async withKey<T>(uri: string, use: (key: Uint8Array) => T): Promise<T> {
    const ready = this.#cache.find(uri);
    if (ready === null || this.#age(ready.validatedAt) >= this.#deps.revalidateMs) await this.#refresh(uri);
    const found = this.#cache.find(uri);
    if (found === null) throw closedFault();
    return use(found.bytes);
  }

  async withdraw(
    key: { readonly uri: string; readonly resourceUri: string },
    readers: readonly string[],
  ): Promise<void> {
    for (const reader of readers) await this.#withdrawOne(key.resourceUri, reader);
    this.#cache.evict(key.uri);
  }

  close(): void {
    this.#closed = true;
    this.#session.close();
    this.#cache.clear();
  }

  /** A reader who is none, a resource that is gone, or our own right that is gone already: nothing is left to withdraw. */
  async #withdrawOne(resourceUri: string, reader: string): Promise<void> {
    const uri = `${resourceUri}/authorizations?authId=${encodeURIComponent(reader)}`;
    try {
      await this.#session.ask({ method: 'delete', uri, perKey: true });
    } catch (thrown) {
      const done = thrown instanceof AppError && WITHDRAWN_ALREADY.has(thrown.reason);
      if (!done) throw thrown;
    }
  }

  async #bind(uri: string, readers: readonly string[]): Promise<IssuedKey> {
    const fields = { userIds: readers, keyUris: [uri] };
    const answer = await this.#session.ask({ method: 'create', uri: '/resources', fields });
    const { resource } = understood(BOUND, answer);
    return { uri, resourceUri: resource.uri, sealUntil: epochOf(resource.expirationDate) };
  }

  /** Until when a key may seal is told only of a bound one, so it is asked for again (reference: webex.md 2.5). */
  async #issued(key: IssuedKey): Promise<IssuedKey> {
    const ends = [await this.#retrieveOnce(key.uri), key.sealUntil].filter((end) => end !== null);
    return { ...key, sealUntil: ends.length === 0 ? null : Math.min(...ends) };
  }

  /** Validates a key at the KMS; an unreachable KMS is no obstacle while the copy in memory is young enough. */
  async #refresh(uri: string): Promise<void> {
    try {
      await this.#retrieveOnce(uri);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      const known = this.#cache.find(uri);
      const offline = thrown.code === 'unavailable' || thrown.code === 'throttled';
      if (offline && known !== null && this.#age(known.validatedAt) < this.#deps.maxOfflineMs) return;
      // Only an outage that may pass leaves a copy, and only as long as the copy may still serve.
      this.#cache.evict(uri);
      throw thrown;
    }
  }

  /** Resolves with the moment until which the key may seal, null when the KMS set none. */
  async #retrieveOnce(uri: string): Promise<number | null> {
    const known = this.#retrieving.get(uri);
    if (known !== undefined) return await known;
    const started = this.#retrieve(uri).finally(() => this.#retrieving.delete(uri));
    this.#retrieving.set(uri, started);
    return await started;
  }

  async #retrieve(uri: string): Promise<number | null> {
    const answer = await this.#session.ask({ method: 'retrieve', uri, perKey: true });
    const { key } = understood(RETRIEVED, answer);
    if (key.uri !== uri) throw malformedAnswer();
    this.#keep(uri, key);
    return epochOf(key.expirationDate);
  }

  #keep(uri: string, key: Key): void {
    if (this.#closed) throw closedFault();
    const bytes = Buffer.from(key.jwk.k, 'base64url');
    try {
      if (bytes.length !== KEY_BYTES) throw malformedAnswer();
      this.#cache.put(uri, bytes, this.#deps.clock.monotonicMs());
    } finally {
      bytes.fill(0);
    }
  }

  #age(validatedAt: number): number {
    return this.#deps.clock.monotonicMs() - validatedAt;
  }
}

function understood<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  // The parser's findings could quote key material, so they go no further.
  if (!parsed.success) throw malformedAnswer();
  return parsed.data;
}

function epochOf(date: string | undefined): number | null {
  return date === undefined ? null : Date.parse(date);
}

function closedFault(): AppError {
  return kmsFault('unavailable', 'CLOSED', 'The appliance is stopping.');
}
