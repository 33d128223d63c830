import type { AuditAct, AuditEntry, AuditFacts } from './audit.ts';
import type { SigningKeyRow } from './rows.ts';

/** The audit log as the store reads it. */
export interface AuditReader {
  /** Rows from a number on, in order. */
  auditFrom(seq: number, limit: number): AuditEntry[];
  /** The last rows, the newest first. */
  auditLast(limit: number): AuditEntry[];
  /** Number of the newest intent of this act on a mailbox that has no outcome yet. */
  openIntent(act: AuditAct, mailboxId: number): number | null;
  /** All intents that have no outcome yet, in order. */
  openIntents(): AuditEntry[];
  /** The newest pair that signs heads of the log. */
  signingKey(): SigningKeyRow | null;
}

/** Nothing here changes or removes a row of the log. */
export interface AuditWriter {
  /** Appends one row; its number. */
  addAudit(facts: AuditFacts): number;
  /** Adds a pair, or keeps a known one sealed under another key. */
  putSigningKey(row: SigningKeyRow): void;
}
