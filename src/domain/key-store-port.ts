import type { KeyLife } from './key-life.ts';
import type { KeyRow, MailboxRow } from './rows.ts';

/** The rows of keys as the store reads them. */
export interface KeyReader {
  /** The key that seals for a mailbox at `now`: the last one that was made for it, unless it was ended. */
  sealingKey(mailboxId: number, now: number): KeyRow | null;
  /** The directory key that seals new addresses; null before one was made, or when it was ended. */
  directoryKey(): KeyRow | null;
  /** It and those that addresses are still sealed under, the newest first. */
  directoryKeys(): KeyRow[];
  /** Those that no address is sealed under any more and that were ended before the instant. */
  idleDirectoryKeys(endedBefore: number): KeyRow[];
  /** Keys of mailboxes in the order of their URIs, from behind this one on. */
  mailboxKeysAfter(uri: string, limit: number): KeyRow[];
  /**
   * Whether anything is still under a key of a mailbox that sealed nothing after `lastSealAt`: an envelope, a hash of what was asked
   * of Webex, or the item of a meeting in the list there, which is not older than the row's last change.
   */
  isKeyInUse(key: Pick<KeyRow, 'mailboxId' | 'uri'>, lastSealAt: number): boolean;
  key(uri: string): KeyRow | null;
  keys(): KeyRow[];
  /** Mailboxes that are being enabled, are known at Microsoft and Webex, and have no key that seals; in the order they came. */
  mailboxesWithoutKey(now: number, limit: number): MailboxRow[];
  /** Whether any that is being enabled is not known at Microsoft and Webex yet. */
  anyUnidentified(): boolean;
  /** Keys of mailboxes whose successors are due, those due longest first. */
  keysToRenew(now: number, limit: number): KeyRow[];
  /** When the next of them is; null when there is none. */
  nextRenewal(): number | null;
  /** Keys without a successor that were made for mailboxes before the instant. */
  keysOlderThan(instant: number): number;
}

export interface KeyWriter {
  /** From then on the key before it, of the same mailbox or of the directory, seals nothing and is not renewed. */
  addKey(row: KeyRow): void;
  setKeyLife(uri: string, life: KeyLife): void;
  /** Makes at most so many keys of mailboxes due at the instant that were not; returns how many. */
  renewKeys(at: number, limit: number): number;
  deleteKey(uri: string): void;
  /**
   * What a lost key sealed can't be compared any more: the next look at these meetings makes a new version. Returns the ids of
   * the events and series to look at; none when that was done already.
   */
  forgetContentUnder(key: Pick<KeyRow, 'mailboxId' | 'uri'>): string[];
}
