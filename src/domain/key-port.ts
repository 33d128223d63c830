/** Keys of the KMS, as the rest of the appliance reaches them. */
import type { AppError } from './app-error.ts';

export interface IssuedKey {
  readonly uri: string;
  readonly resourceUri: string;
  /** Epoch milliseconds after which the key must not seal any more; null when the KMS set none. */
  readonly sealUntil: number | null;
}

/**
 * Keys as the sync needs them. Plaintext keys stay inside: they are lent to one synchronous call and zeroed on eviction and at
 * exit. Throws AppError (upstream `kms`).
 */
export interface KeyService {
  /** Makes one key per list of readers (UUIDs at Webex), each bound to a resource of its own, in as few messages as possible. */
  issue(readersOfEach: readonly (readonly string[])[]): Promise<IssuedKey[]>;
  /**
   * Lends the 32 bytes of a key; fetches it when it is not in memory. The bytes must not be kept. `purpose` is `open` when absent;
   * with `seal` a key whose time of sealing is over by the KMS's newest word is refused with KMS_KEY_EXPIRED.
   */
  withKey<T>(uri: string, use: (key: Uint8Array) => T, purpose?: KeyPurpose): Promise<T>;
  /** Takes readers (UUIDs at Webex) off a key's resource, in their order; those who were none any more are no fault. */
  withdraw(
    key: { readonly uri: string; readonly resourceUri: string },
    readers: readonly string[],
  ): Promise<void>;
}

/** What a key is lent for. Opening goes on after the end of sealing (reference: webex.md 2.5). */
export type KeyPurpose = 'open' | 'seal';

/** One of several keys that are lent together. */
export interface KeyLoan {
  readonly uri: string;
  readonly purpose: KeyPurpose;
}

/** What became of one key that was to be made. */
export type KeyIssue =
  | { readonly kind: 'issued'; readonly key: IssuedKey }
  | { readonly kind: 'refused'; readonly error: AppError };

/** The KMS is out of reach; what is in memory serves for a while. */
export interface KeyOutage {
  /** Epoch milliseconds of the first call that failed. */
  readonly since: number;
  /** Reason word of the last one. */
  readonly reason: string;
  /** Epoch milliseconds at which the first of the keys in memory stops serving, or has stopped; null when none is held. */
  readonly firstEndAt: number | null;
  /** The same of the last one. */
  readonly lastEndAt: number | null;
}

/** For whoever makes keys ahead, rotates them and tells how things stand. */
export interface KeyUpkeep {
  /**
   * Makes many keys in few messages; the outcomes are in the order of the readers. One list of readers that the KMS refuses does
   * not hold up the others. Never throws.
   */
  issueEach(readersOfEach: readonly (readonly string[])[]): Promise<KeyIssue[]>;
  /**
   * Lends several keys to one call, in the order of the loans: the old and the new one where something is sealed or hashed anew.
   * What `withKey` says of the purpose holds for each.
   */
  withKeys<T>(loans: readonly KeyLoan[], use: (keys: readonly Uint8Array[]) => T): Promise<T>;
  /** Null while the KMS answers. */
  outage(): KeyOutage | null;
}
