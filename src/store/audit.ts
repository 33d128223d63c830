import { type AuditEntry, entryHash, GENESIS } from '../domain/audit.ts';
import type { AuditReader, AuditWriter } from '../domain/audit-port.ts';
import type { SigningKeyRow } from '../domain/rows.ts';
import {
  bytes,
  number,
  numberOrNull,
  type Row,
  type Statements,
  text,
  textOrNull,
  word,
} from './statements.ts';

function entry(row: Row): AuditEntry {
  return {
    seq: number(row, 'seq'),
    at: number(row, 'at'),
    who: text(row, 'who'),
    from: text(row, 'source'),
    act: word(row, 'act'),
    phase: word(row, 'phase'),
    intent: numberOrNull(row, 'intent'),
    outcome: row.outcome === null ? null : word(row, 'outcome'),
    reason: textOrNull(row, 'reason'),
    mailboxId: numberOrNull(row, 'mailbox_id'),
    mailboxHash: textOrNull(row, 'mailbox_hash'),
    about: textOrNull(row, 'about'),
    count: number(row, 'count'),
    hash: text(row, 'hash'),
  };
}

function signingKey(row: Row): SigningKeyRow {
  return {
    publicKey: bytes(row, 'public_key'),
    seedSealed: bytes(row, 'seed_sealed'),
    keyUri: text(row, 'key_uri'),
    madeAt: number(row, 'made_at'),
  };
}

const IS_OPEN = "phase = 'intent' AND NOT EXISTS (SELECT 1 FROM audit WHERE intent = a.seq)";
const OPEN_INTENT = `SELECT max(seq) AS seq FROM audit AS a WHERE ${IS_OPEN} AND act = ? AND mailbox_id = ?`;
const OPEN_INTENTS = `SELECT * FROM audit AS a WHERE ${IS_OPEN} ORDER BY seq`;

/** The audit log and the pairs that sign its heads. */
export function auditReads(s: Statements): AuditReader {
  return {
    auditFrom: (seq, limit) =>
      s.all('SELECT * FROM audit WHERE seq >= ? ORDER BY seq LIMIT ?', seq, limit).map(entry),
    auditLast: (limit) => s.all('SELECT * FROM audit ORDER BY seq DESC LIMIT ?', limit).map(entry),
    openIntent: (act, mailboxId) => {
      const row = s.one(OPEN_INTENT, act, mailboxId);
      return row === null ? null : numberOrNull(row, 'seq');
    },
    openIntents: () => s.all(OPEN_INTENTS).map(entry),
    signingKey: () => {
      const row = s.one('SELECT * FROM audit_signing_keys ORDER BY made_at DESC, rowid DESC LIMIT 1');
      return row === null ? null : signingKey(row);
    },
  };
}

export function auditWrites(s: Statements): AuditWriter {
  return {
    addAudit: (facts) => {
      const last = s.one('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1');
      const seq = last === null ? 1 : number(last, 'seq') + 1;
      const hash = entryHash(seq, facts, last === null ? GENESIS : text(last, 'hash'));
      const { at, who, from, act, phase, intent, outcome, reason, mailboxId, mailboxHash, about, count } =
        facts;
      const values = [at, who, from, act, phase, intent, outcome, reason, mailboxId, mailboxHash, about];
      s.run(
        `INSERT INTO audit VALUES (?, ${values.map(() => '?').join(', ')}, ?, ?)`,
        seq,
        ...values,
        count,
        hash,
      );
      return seq;
    },
    putSigningKey: ({ publicKey, seedSealed, keyUri, madeAt }) => {
      const sql = `INSERT INTO audit_signing_keys VALUES (?, ?, ?, ?) ON CONFLICT (public_key)
        DO UPDATE SET seed_sealed = excluded.seed_sealed, key_uri = excluded.key_uri`;
      s.run(sql, publicKey, seedSealed, keyUri, madeAt);
    },
  };
}
