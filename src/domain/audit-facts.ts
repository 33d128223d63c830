import {
  APPLIANCE,
  type AuditAct,
  type AuditActor,
  type AuditEntry,
  type AuditFacts,
  type AuditOutcome,
  type AuditSubject,
  NO_SUBJECT,
} from './audit.ts';
import type { MailboxRow } from './rows.ts';

/** What is going to be written down, whatever comes of it. */
export interface AuditCase {
  readonly actor: AuditActor;
  readonly act: AuditAct;
  readonly subject?: Partial<AuditSubject>;
}

/** The row before a remote effect. */
export function intended(one: AuditCase, at: number): AuditFacts {
  return row(one, at, { phase: 'intent' });
}

export interface AuditEnd {
  readonly outcome: AuditOutcome;
  readonly reason?: string;
  /** The intent's number. */
  readonly intent?: number | null;
  readonly count?: number;
}

/** The row after an effect, or instead of one. */
export function ended(one: AuditCase, at: number, end: AuditEnd): AuditFacts {
  return row(one, at, end);
}

/** The row for what is done by a write of the same commit. */
export function done(one: AuditCase, at: number): AuditFacts {
  return ended(one, at, { outcome: 'done' });
}

/** The row after an intent whose process died: what it was about may have been done or not. */
export function neverTold({ act, seq, mailboxId, mailboxHash, about }: AuditEntry, at: number): AuditFacts {
  const one = { actor: APPLIANCE, act, subject: { mailboxId, mailboxHash, about } };
  return row(one, at, { intent: seq, reason: 'PROCESS_ENDED' });
}

/** A mailbox by its number and the keyed hash of its address, which outlives its row. */
export function mailboxSubject({
  id,
  addressHash,
}: Pick<MailboxRow, 'id' | 'addressHash'>): Partial<AuditSubject> {
  return { mailboxId: id, mailboxHash: Buffer.from(addressHash).toString('hex') };
}

function row({ actor, act, subject }: AuditCase, at: number, more: Partial<AuditFacts>): AuditFacts {
  const { who, from } = actor;
  const plain = { phase: 'outcome', intent: null, outcome: null, reason: null, count: 1 } as const;
  return { at, who, from, act, ...NO_SUBJECT, ...subject, ...plain, ...more };
}
