import { AppError, asAppError } from '../domain/app-error.ts';
import type {
  IssuedKey,
  KeyIssue,
  KeyLoan,
  KeyOutage,
  KeyPurpose,
  KeyService,
  KeyUpkeep,
} from '../domain/key-port.ts';
import type { Clock, EventStream, Random } from '../domain/ports.ts';
import type { HttpClient } from '../net/http-client.ts';
import { HeldKeys } from './held-keys.ts';
import { type RetrievedKey, readBinding, readKey, readNewKeys, readResource } from './key-answers.ts';
import { malformedAnswer, refusesEverything } from './kms-fault.ts';
import { KMS_TIMING, type KmsRequest, KmsSession, type KmsTiming } from './kms-session.ts';
import type { KmsAnswer } from './message.ts';

/** Most keys that are asked for with one `count`. */
const MAX_COUNT = 200;
/** Nobody can read such a key any more, or not we: there is nothing left to withdraw. */
const WITHDRAWN_ALREADY = new Set(['KMS_KEY_REFUSED', 'KMS_KEY_GONE', 'KMS_KEY_REVOKED']);

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

export type OpenKeyService = KeyService & KeyUpkeep & { close(): void };

/** The keys of a real KMS. `close` zeroes everything and ends what waits. */
export function openKeyService(deps: KeyServiceDeps): OpenKeyService {
  return new KmsKeys(deps);
}

class KmsKeys implements KeyService, KeyUpkeep {
  readonly #session: KmsSession;
  readonly #held: HeldKeys;

  constructor(deps: KeyServiceDeps) {
    this.#session = new KmsSession({ ...deps, timing: deps.timing ?? KMS_TIMING });
    this.#held = new HeldKeys({ ...deps, retrieve: (uri) => this.#retrieve(uri) });
  }

  async issue(readersOfEach: readonly (readonly string[])[]): Promise<IssuedKey[]> {
    return (await this.issueEach(readersOfEach)).map((one) => {
      if (one.kind === 'refused') throw one.error;
      return one.key;
    });
  }

  async issueEach(readersOfEach: readonly (readonly string[])[]): Promise<KeyIssue[]> {
    const issues: KeyIssue[] = [];
    for (let at = 0; at < readersOfEach.length; at += MAX_COUNT)
      issues.push(...(await this.#issueBatch(readersOfEach.slice(at, at + MAX_COUNT))));
    return issues;
  }

  async withKey<T>(uri: string, use: (key: Uint8Array) => T, purpose: KeyPurpose = 'open'): Promise<T> {
    await this.#held.ready([uri]);
    return use(this.#held.bytes(uri, purpose));
  }

  async withKeys<T>(loans: readonly KeyLoan[], use: (keys: readonly Uint8Array[]) => T): Promise<T> {
    await this.#held.ready(loans.map(({ uri }) => uri));
    return use(loans.map(({ uri, purpose }) => this.#held.bytes(uri, purpose)));
  }

  async withdraw(
    key: { readonly uri: string; readonly resourceUri: string },
    readers: readonly string[],
  ): Promise<void> {
    for (const reader of readers) await this.#withdrawOne(key.resourceUri, reader);
    this.#held.evict(key.uri);
  }

  outage(): KeyOutage | null {
    return this.#held.outage();
  }

  close(): void {
    this.#session.close();
    this.#held.close();
  }

  async #issueBatch(readersOfEach: readonly (readonly string[])[]): Promise<KeyIssue[]> {
    const count = readersOfEach.length;
    try {
      const made = await this.#ask({ method: 'create', uri: '/keys', fields: { count } });
      const uris = readNewKeys(made, count);
      const bound = await Promise.all(
        uris.map((uri, at) => settled(this.#bind(uri, readersOfEach[at] ?? []))),
      );
      return await Promise.all(
        bound.map((one) => (one.kind === 'issued' ? settled(this.#ended(one.key)) : one)),
      );
    } catch (thrown) {
      const error = asAppError(thrown);
      return readersOfEach.map(() => ({ kind: 'refused', error }));
    }
  }

  async #bind(uri: string, readers: readonly string[]): Promise<IssuedKey> {
    const fields = { userIds: readers, keyUris: [uri] };
    try {
      const resource = readResource(await this.#ask({ method: 'create', uri: '/resources', fields }));
      return { uri, resourceUri: resource.uri, sealUntil: resource.until };
    } catch (thrown) {
      return await this.#boundAlready(uri, thrown);
    }
  }

  /** A repeated request finds its key bound when only the first answer was lost; nobody else knows a key that new. */
  async #boundAlready(uri: string, thrown: unknown): Promise<IssuedKey> {
    if (!(thrown instanceof AppError) || thrown.code !== 'conflict') throw thrown;
    const resourceUri = readBinding(await this.#ask({ method: 'retrieve', uri, perKey: true }));
    if (resourceUri === null) throw thrown;
    return { uri, resourceUri, sealUntil: null };
  }

  /** Until when a key may seal is told only of a bound one, so it is asked for again (reference: webex.md 2.5). */
  async #ended(key: IssuedKey): Promise<IssuedKey> {
    const ends = [await this.#held.obtain(key.uri), key.sealUntil].filter((end) => end !== null);
    return { ...key, sealUntil: ends.length === 0 ? null : Math.min(...ends) };
  }

  async #withdrawOne(resourceUri: string, reader: string): Promise<void> {
    const uriOf = (resource: string): string =>
      `${resource}/authorizations?authId=${encodeURIComponent(reader)}`;
    // A resource that moved may be told as itself or with its authorizations.
    const moved = (to: string): string => uriOf(to.replace(/\/authorizations(?:\?.*)?$/, ''));
    try {
      await this.#ask({ method: 'delete', uri: uriOf(resourceUri), perKey: true, moved });
    } catch (thrown) {
      const done = thrown instanceof AppError && WITHDRAWN_ALREADY.has(thrown.reason);
      if (!done) throw thrown;
    }
  }

  async #retrieve(uri: string): Promise<RetrievedKey> {
    let asked = uri;
    const moved = (to: string): string => {
      asked = to;
      return to;
    };
    const key = readKey(await this.#ask({ method: 'retrieve', uri, perKey: true, moved }));
    if (key.uri === asked || key.uri === uri) return key;
    key.bytes.fill(0);
    throw malformedAnswer();
  }

  /** What the KMS no longer trusts us with must not be used from memory either (design D6). */
  async #ask(request: KmsRequest): Promise<KmsAnswer> {
    try {
      return await this.#session.ask(request);
    } catch (thrown) {
      if (thrown instanceof AppError && refusesEverything(thrown)) this.#held.clear();
      throw thrown;
    }
  }
}

async function settled(issuing: Promise<IssuedKey>): Promise<KeyIssue> {
  try {
    return { kind: 'issued', key: await issuing };
  } catch (thrown) {
    return { kind: 'refused', error: asAppError(thrown) };
  }
}
