import { createHash } from 'node:crypto';

/** What an administrator does, or tries to do. */
export type AuditAct =
  | 'admin.set-password'
  | 'audit.export'
  | 'audit.signing-key'
  | 'keys.rotate'
  | 'mailbox.add'
  | 'mailbox.export'
  | 'mailbox.forget'
  | 'mailbox.remove'
  | 'mailbox.resync'
  | 'mailbox.retry'
  | 'mailbox.set'
  | 'setup.link'
  | 'setup.use'
  | 'sign-in'
  | 'sign-out'
  | 'undecorate';

/** `refused`: it was not let through. `failed`: it was begun and did not succeed. */
export type AuditOutcome = 'done' | 'refused' | 'failed';

/** Who it is, and from where: an administrator's name and remote address, or the command line of this machine. */
export interface AuditActor {
  readonly who: string;
  readonly from: string;
}

/** What a job does after it was asked for, however often the process starts anew: its intent stays open until it is done. */
export const DONE_BY_JOB: ReadonlySet<AuditAct> = new Set(['mailbox.forget', 'mailbox.remove']);

/** Whoever may open the command socket. */
export const COMMAND_LINE: AuditActor = { who: 'command line', from: 'command socket' };
/** What the appliance does by itself. */
export const APPLIANCE: AuditActor = { who: 'appliance', from: 'appliance' };
/** A stranger's name is not kept: it may be a password in the wrong field. */
export const NOBODY = 'nobody known';

/** What it is about: ids, and a keyed hash of the mailbox's address that outlives the mailbox's row (design D4). */
export interface AuditSubject {
  readonly mailboxId: number | null;
  /** Lower-case hex, under the directory key of that time; null when there was none to make it with. */
  readonly mailboxHash: string | null;
  /** An administrator's name, or a public key. */
  readonly about: string | null;
}

export const NO_SUBJECT: AuditSubject = { mailboxId: null, mailboxHash: null, about: null };

/** One row before it has its place in the chain. Never content: words, ids, keyed hashes, names of administrators. */
export interface AuditFacts extends AuditActor, AuditSubject {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly act: AuditAct;
  /** `intent` before a remote effect, `outcome` after it or after an effect that is a row of the same commit. */
  readonly phase: 'intent' | 'outcome';
  /** The intent's number; null when there was none. */
  readonly intent: number | null;
  /** Null for an intent, and where nobody knows how it ended: the process died meanwhile. */
  readonly outcome: AuditOutcome | null;
  /** A reason word where it was not done. */
  readonly reason: string | null;
  /** How many of the same kind this row stands for. */
  readonly count: number;
}

export interface AuditEntry extends AuditFacts {
  /** 1, 2, 3 … without gaps. */
  readonly seq: number;
  /** SHA-256 over the canonical form, which holds the hash of the row before; lower-case hex. */
  readonly hash: string;
}

/** What stands for the hash of the row before the first one. */
export const GENESIS = '0'.repeat(64);

/** The canonical form: an array in JSON, each member at its place, without blanks. */
export function canonicalEntry(seq: number, facts: AuditFacts, previous: string): string {
  return JSON.stringify([
    'hybrid-calendar audit 1',
    previous,
    seq,
    facts.at,
    facts.who,
    facts.from,
    facts.act,
    facts.phase,
    facts.intent,
    facts.outcome,
    facts.reason,
    facts.mailboxId,
    facts.mailboxHash,
    facts.about,
    facts.count,
  ]);
}

/** The row's hash in the chain. */
export function entryHash(seq: number, facts: AuditFacts, previous: string): string {
  return createHash('sha256')
    .update(canonicalEntry(seq, facts, previous), 'utf8')
    .digest('hex');
}

/** What a signature is set under: where a stretch of the log begins and ends. */
export interface AuditHead {
  /** Number of the first row of the stretch. */
  readonly first: number;
  /** Hash of the row before it. */
  readonly previous: string;
  /** Number of the last row; one less than `first` when the stretch is empty. */
  readonly last: number;
  /** Hash of the last row. */
  readonly hash: string;
  /** When it was signed, in epoch milliseconds. */
  readonly at: number;
}

export interface SignedAuditHead extends AuditHead {
  /** Ed25519, base64. */
  readonly publicKey: string;
  readonly signature: string;
}

/** The bytes that are signed: what they are, and the head at fixed places. */
export function canonicalHead({ first, previous, last, hash, at }: AuditHead): Uint8Array {
  return Buffer.from(
    JSON.stringify(['hybrid-calendar audit head 1', first, previous, last, hash, at]),
    'utf8',
  );
}
