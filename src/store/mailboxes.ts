import type { MailboxRow, SubscriptionRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import type { KeptRows } from './kept-rows.ts';
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

export function mailbox(row: Row): MailboxRow {
  return {
    id: number(row, 'id'),
    kind: word(row, 'kind'),
    guid: textOrNull(row, 'guid'),
    webexId: textOrNull(row, 'webex_id'),
    addressSealed: bytes(row, 'address_sealed'),
    addressHash: bytes(row, 'address_hash'),
    addressKey: text(row, 'address_key'),
    state: word(row, 'state'),
    reason: textOrNull(row, 'reason'),
    since: number(row, 'since'),
    failures: number(row, 'failures'),
    retryAt: numberOrNull(row, 'retry_at'),
    locale: textOrNull(row, 'locale'),
    reminderLeadMs: numberOrNull(row, 'reminder_lead_ms'),
  };
}

const orNone = (row: Row | null): MailboxRow | null => (row === null ? null : mailbox(row));

type Reads =
  | 'mailbox'
  | 'mailboxByAddressHash'
  | 'mailboxByGuid'
  | 'mailboxes'
  | 'mailboxesUnderOtherKey'
  | 'countUnderOtherKey'
  | 'settingsDue'
  | 'oldestSettings';

export function mailboxReads(s: Statements): Pick<Reader, Reads> {
  return {
    mailbox: (id) => orNone(s.one('SELECT * FROM mailboxes WHERE id = ?', id)),
    mailboxByAddressHash: (hash) => orNone(s.one('SELECT * FROM mailboxes WHERE address_hash = ?', hash)),
    mailboxByGuid: (guid) => orNone(s.one('SELECT * FROM mailboxes WHERE guid = ?', guid)),
    settingsDue: (instant, limit) =>
      s
        .all(
          `SELECT m.* FROM mailboxes AS m LEFT JOIN presences AS p ON p.mailbox_id = m.id
           WHERE m.kind = 'person' AND m.state = 'activated' AND coalesce(p.read_at, 0) <= ?
           ORDER BY coalesce(p.read_at, 0), m.id LIMIT ?`,
          instant,
          limit,
        )
        .map(mailbox),
    oldestSettings: () => {
      const row = s.one(`SELECT min(coalesce(p.read_at, 0)) AS at FROM mailboxes AS m
        LEFT JOIN presences AS p ON p.mailbox_id = m.id WHERE m.kind = 'person' AND m.state = 'activated'`);
      return row === null ? null : numberOrNull(row, 'at');
    },
    mailboxes: () => s.all('SELECT * FROM mailboxes ORDER BY id').map(mailbox),
    mailboxesUnderOtherKey: (uri, after, limit) =>
      s
        .all(
          'SELECT * FROM mailboxes WHERE address_key <> ? AND id > ? ORDER BY id LIMIT ?',
          uri,
          after,
          limit,
        )
        .map(mailbox),
    countUnderOtherKey: (uri) => {
      const sql = 'SELECT count(*) - count(*) FILTER (WHERE address_key = ?) AS n FROM mailboxes';
      return number(s.one(sql, uri) ?? {}, 'n');
    },
  };
}

type Writes = 'addMailbox' | 'resealAddress' | 'setMailboxIdentity' | 'setMailboxState' | 'deleteMailbox';

export function mailboxWrites(
  s: Statements,
  kept: Pick<KeptRows<SubscriptionRow>, 'forget'>,
): Pick<Writer, Writes> {
  return {
    addMailbox: ({ kind, addressSealed, addressHash, addressKey }, now) => {
      const sql = `INSERT INTO mailboxes (kind, address_sealed, address_hash, address_key, state, since)
        VALUES (?, ?, ?, ?, 'not-activated', ?) RETURNING *`;
      const row = s.one(sql, kind, addressSealed, addressHash, addressKey, now);
      if (row === null) throw new Error('the new mailbox was not returned');
      return mailbox(row);
    },
    resealAddress: (id, from, { addressSealed, addressHash, addressKey }) => {
      const sql =
        'UPDATE mailboxes SET address_sealed = ?, address_hash = ?, address_key = ? WHERE id = ? AND address_key = ?';
      return s.run(sql, addressSealed, addressHash, addressKey, id, from) > 0;
    },
    setMailboxIdentity: (id, { guid, webexId, locale }) => {
      const sql = `UPDATE mailboxes SET guid = coalesce(?, guid), webex_id = coalesce(?, webex_id),
        locale = coalesce(?, locale) WHERE id = ?`;
      s.run(sql, guid ?? null, webexId ?? null, locale ?? null, id);
    },
    setMailboxState: (id, { state, reason, failures, retryAt }, now) => {
      const since = 'CASE WHEN state = ? AND reason IS ? THEN since ELSE ? END';
      const sql = `UPDATE mailboxes SET since = ${since}, state = ?, reason = ?, failures = ?, retry_at = ? WHERE id = ?`;
      s.run(sql, state, reason, now, state, reason, failures, retryAt, id);
    },
    deleteMailbox: (id) => {
      kept.forget();
      for (const table of [
        'meetings',
        'arrangements',
        'subscriptions',
        'keys',
        'inbox',
        'jobs',
        'traces',
        'deliveries',
      ])
        s.run(`DELETE FROM ${table} WHERE mailbox_id = ?`, id);
      s.run('DELETE FROM alarms WHERE subject = ?', String(id));
      s.run('DELETE FROM mailboxes WHERE id = ?', id);
    },
  };
}
