import type { KeyReader, KeyWriter } from '../domain/key-store-port.ts';
import type { KeyRow } from '../domain/rows.ts';
import { mailbox } from './mailboxes.ts';
import { number, numberOrNull, type Row, type Statements, text, word } from './statements.ts';

function key(row: Row): KeyRow {
  return {
    uri: text(row, 'uri'),
    role: word(row, 'role'),
    mailboxId: numberOrNull(row, 'mailbox_id'),
    resourceUri: text(row, 'resource_uri'),
    createdAt: number(row, 'created_at'),
    sealUntil: number(row, 'seal_until'),
    seals: number(row, 'seals'),
    renewAt: numberOrNull(row, 'renew_at'),
  };
}

const orNone = (row: Row | null): KeyRow | null => (row === null ? null : key(row));

/** Which keys there are, which of them seal, and when they are renewed. */
export function keyReads(s: Statements): KeyReader {
  return {
    sealingKey: (mailboxId, now) =>
      orNone(s.one(`SELECT * FROM keys WHERE mailbox_id = ? AND ${SEALS}`, mailboxId, now)),
    directoryKey: () =>
      orNone(s.one("SELECT * FROM keys WHERE role = 'directory' AND renew_at IS NOT NULL LIMIT 1")),
    directoryKeys: () => s.all(DIRECTORY_IN_USE).map(key),
    idleDirectoryKeys: (endedBefore) =>
      s
        .all(`${DIRECTORY} AND renew_at IS NULL AND NOT ${IN_USE} AND uri IS NOT ${OF_SIGNING_PAIR}`)
        .map(key)
        .filter(({ sealUntil }) => sealUntil < endedBefore),
    mailboxKeysAfter: (uri, limit) =>
      s
        .all("SELECT * FROM keys WHERE uri > ? AND role = 'mailbox' ORDER BY uri LIMIT ?", uri, limit)
        .map(key),
    isKeyInUse: ({ mailboxId, uri }, lastSealAt) =>
      s.one(UNDER_IT, mailboxId, uri, mailboxId, uri, lastSealAt) !== null,
    key: (uri) => orNone(s.one('SELECT * FROM keys WHERE uri = ?', uri)),
    keys: () => s.all('SELECT * FROM keys ORDER BY created_at').map(key),
    mailboxesWithoutKey: (now, limit) =>
      s
        .all(
          `SELECT m.* FROM mailboxes AS m WHERE m.state = 'pending' AND m.guid IS NOT NULL AND m.webex_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM keys AS k WHERE k.mailbox_id = m.id AND ${SEALS}) ORDER BY m.id LIMIT ?`,
          now,
          limit,
        )
        .map(mailbox),
    anyUnidentified: () => s.one(UNIDENTIFIED) !== null,
    keysToRenew: (now, limit) =>
      s.all(`SELECT k.* ${RENEWABLE} AND k.renew_at <= ? ORDER BY k.renew_at LIMIT ?`, now, limit).map(key),
    nextRenewal: () => {
      const row = s.one(`SELECT k.renew_at AS at ${RENEWABLE} ORDER BY k.renew_at LIMIT 1`);
      return row === null ? null : numberOrNull(row, 'at');
    },
    keysOlderThan: (instant) => {
      const row = s.one(`SELECT count(*) AS n ${RENEWABLE} AND k.created_at < ?`, instant);
      return number(row ?? {}, 'n');
    },
  };
}

const SEALS = 'renew_at IS NOT NULL AND seal_until > ?';
/** The newest first: where many are enabled at once the first look finds one. */
const UNIDENTIFIED = `SELECT 1 FROM mailboxes WHERE state IN ('not-activated', 'pending') AND reason IS NOT 'REMOVING'
  AND (guid IS NULL OR webex_id IS NULL) ORDER BY id DESC LIMIT 1`;
const DIRECTORY = "SELECT * FROM keys WHERE role = 'directory'";
const IN_USE = 'EXISTS (SELECT 1 FROM mailboxes AS m WHERE m.address_key = keys.uri)';
/** The pair that signs the audit log moves along within the hour. */
const OF_SIGNING_PAIR = '(SELECT key_uri FROM audit_signing_keys ORDER BY made_at DESC, rowid DESC LIMIT 1)';
const DIRECTORY_IN_USE = `${DIRECTORY} AND (renew_at IS NOT NULL OR ${IN_USE})
  ORDER BY renew_at IS NULL, created_at DESC`;
/** What Webex was not told of yet leaves an older item in the list there, and of that nothing is known here. */
const UNDER_IT = `SELECT 1 FROM arrangements WHERE mailbox_id = ? AND asked_key = ?
  UNION ALL SELECT 1 FROM meetings WHERE mailbox_id = ?
    AND (key_uri = ? OR delivered_version < version OR (state = 'listed' AND changed_at <= ?)) LIMIT 1`;
/** A mailbox that is being removed needs no key any more; one whose key was revoked gets another only when somebody asks for it. */
const RENEWABLE = `FROM keys AS k JOIN mailboxes AS m ON m.id = k.mailbox_id
  WHERE k.role = 'mailbox' AND k.renew_at IS NOT NULL AND m.reason IS NOT 'REMOVING' AND m.reason IS NOT 'KMS_KEY_REVOKED'`;

export function keyWrites(s: Statements): KeyWriter {
  return {
    addKey: (row) => {
      s.run(SUCCEEDED, row.createdAt, row.mailboxId, row.role);
      const ids = [row.uri, row.role, row.mailboxId, row.resourceUri, row.createdAt] as const;
      s.run(
        'INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        ...ids,
        row.sealUntil,
        row.seals,
        row.renewAt,
      );
    },
    setKeyLife: (uri, { seals, sealUntil, renewAt }) => {
      const sql = 'UPDATE keys SET seals = ?, seal_until = ?, renew_at = ? WHERE uri = ?';
      s.run(sql, seals, sealUntil, renewAt, uri);
    },
    renewKeys: (at, limit) => {
      const sql = `UPDATE keys SET renew_at = ? WHERE rowid IN (SELECT rowid FROM keys
        WHERE renew_at IS NOT NULL AND renew_at > ? AND role = 'mailbox' LIMIT ?)`;
      return s.run(sql, at, at, limit);
    },
    deleteKey: (uri) => {
      s.run('DELETE FROM keys WHERE uri = ?', uri);
    },
    forgetContentUnder: ({ mailboxId, uri }) => {
      const rows = s.all(FORGET_CONTENT, mailboxId, uri);
      return [...new Set(rows.map((row) => text(row, 'look_at')))];
    },
  };
}

const SUCCEEDED = `UPDATE keys SET renew_at = NULL, seal_until = min(seal_until, ?)
  WHERE mailbox_id IS ? AND role = ? AND renew_at IS NOT NULL`;
const FORGET_CONTENT = `UPDATE meetings SET change_key = NULL, content_hash = NULL
  WHERE mailbox_id = ? AND key_uri = ? AND content_hash IS NOT NULL RETURNING coalesce(series_id, event_id) AS look_at`;
