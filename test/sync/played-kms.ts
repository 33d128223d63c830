import { createHash } from 'node:crypto';
import type { AppError } from '../../src/domain/app-error.ts';
import type {
  IssuedKey,
  KeyIssue,
  KeyLoan,
  KeyOutage,
  KeyPurpose,
  KeyService,
  KeyUpkeep,
} from '../../src/domain/key-port.ts';
import { expiredKey } from '../../src/kms/kms-fault.ts';

/** A KMS of a few lines, every key of which has bytes of its own, and which refuses what it is told to. */
export class PlayedKms implements KeyService, KeyUpkeep {
  /** How many keys were asked for with each message. */
  readonly posts: number[] = [];
  /** URIs in the order they were lent. */
  readonly lent: string[] = [];
  readonly withdrawn: string[] = [];
  /** Why readers are not taken off a key. */
  readonly kept = new Map<string, AppError>();
  /** Keys that seal no more. */
  readonly ended = new Set<string>();
  /** Why a key is not given out. */
  readonly refused = new Map<string, AppError>();
  /** Why no key is made for these readers. */
  readonly unwanted = new Map<string, AppError>();
  /** Why nothing is given out at all. */
  down: AppError | null = null;
  /** Until when new keys seal. */
  sealUntil: number | null = null;
  away: KeyOutage | null = null;
  #made = 0;

  async issue(readersOfEach: readonly (readonly string[])[]): Promise<IssuedKey[]> {
    return (await this.issueEach(readersOfEach)).map((one) => {
      if (one.kind === 'refused') throw one.error;
      return one.key;
    });
  }

  async issueEach(readersOfEach: readonly (readonly string[])[]): Promise<KeyIssue[]> {
    this.posts.push(readersOfEach.length);
    return readersOfEach.map((readers) => {
      const error = this.down ?? readers.flatMap((reader) => this.unwanted.get(reader) ?? []).at(0);
      return error === undefined || error === null
        ? { kind: 'issued', key: this.#make() }
        : { kind: 'refused', error };
    });
  }

  async withKey<T>(uri: string, use: (key: Uint8Array) => T, purpose: KeyPurpose = 'open'): Promise<T> {
    return use(this.#bytes({ uri, purpose }));
  }

  async withKeys<T>(loans: readonly KeyLoan[], use: (keys: readonly Uint8Array[]) => T): Promise<T> {
    return use(loans.map((loan) => this.#bytes(loan)));
  }

  async withdraw({ uri }: { readonly uri: string }, readers: readonly string[]): Promise<void> {
    const error = this.kept.get(uri);
    if (error !== undefined) throw error;
    this.withdrawn.push(`${uri} ${readers.join(' ')}`);
  }

  outage(): KeyOutage | null {
    return this.away;
  }

  #make(): IssuedKey {
    this.#made += 1;
    const uri = `kms://made/${this.#made}`;
    return { uri, resourceUri: `${uri}/resource`, sealUntil: this.sealUntil };
  }

  #bytes({ uri, purpose }: KeyLoan): Uint8Array {
    const error = this.down ?? this.refused.get(uri) ?? null;
    if (error !== null) throw error;
    if (purpose === 'seal' && this.ended.has(uri)) throw expiredKey();
    this.lent.push(uri);
    return bytesOf(uri);
  }
}

/** The 32 bytes of the key with this URI. */
export function bytesOf(uri: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(uri).digest());
}
