import type { MailboxRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import { bytes, number, type Row, type Statements, textOrNull, word } from './statements.ts';

function mailbox(row: Row): MailboxRow {
  return {
    id: number(row, 'id'),
    kind: word(row, 'kind'),
    guid: textOrNull(row, 'guid'),
    webexId: textOrNull(row, 'webex_id'),
    addressSealed: bytes(row, 'address_sealed'),
    addressHash: bytes(row, 'address_hash'),
    state: word(row, 'state'),
    reason: textOrNull(row, 'reason'),
    since: number(row, 'since'),
  };
}

const orNone = (row: Row | null): MailboxRow | null => (row === null ? null : mailbox(row));

export function mailboxReads(s: Statements): Pick<Reader, 'mailbox' | 'mailboxByAddressHash' | 'mailboxes'> {
  return {
    mailbox: (id) => orNone(s.one('SELECT * FROM mailboxes WHERE id = ?', id)),
    mailboxByAddressHash: (hash) => orNone(s.one('SELECT * FROM mailboxes WHERE address_hash = ?', hash)),
    mailboxes: () => s.all('SELECT * FROM mailboxes ORDER BY id').map(mailbox),
  };
}

export function mailboxWrites(
  s: Statements,
): Pick<Writer, 'addMailbox' | 'setMailboxIdentity' | 'setMailboxState'> {
  return {
    addMailbox: ({ kind, addressSealed, addressHash }, now) => {
      const row = s.one(
        "INSERT INTO mailboxes (kind, address_sealed, address_hash, state, since) VALUES (?, ?, ?, 'enabling', ?) RETURNING *",
        kind,
        addressSealed,
        addressHash,
        now,
      );
      if (row === null) throw new Error('the new mailbox was not returned');
      return mailbox(row);
    },
    setMailboxIdentity: (id, { guid, webexId }) => {
      const sql =
        'UPDATE mailboxes SET guid = coalesce(?, guid), webex_id = coalesce(?, webex_id) WHERE id = ?';
      s.run(sql, guid ?? null, webexId ?? null, id);
    },
    setMailboxState: (id, state, reason, now) => {
      const since = 'CASE WHEN state = ? THEN since ELSE ? END';
      s.run(
        `UPDATE mailboxes SET since = ${since}, state = ?, reason = ? WHERE id = ?`,
        state,
        now,
        state,
        reason,
        id,
      );
    },
  };
}
