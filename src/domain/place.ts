/** What an envelope may hold; part of the place it is bound to. */
export type SealPurpose = 'meeting' | 'address' | 'audit-key';

/**
 * The place a sealed thing belongs to. An envelope opened with any other place is refused: it was moved, or an older version
 * was put back (design D5).
 */
export interface Place {
  readonly purpose: SealPurpose;
  /** The Microsoft 365 tenant's GUID, lower case. */
  readonly tenant: string;
  /** Our row number of the mailbox, as a decimal string. */
  readonly mailbox: string;
  /** The event's id; empty where the sealed thing belongs to the mailbox as a whole. */
  readonly event: string;
  readonly version: number;
}
