import type { AutomaticReplies } from '../domain/out-of-office.ts';
import type { CursorRow, PresenceRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import { number, numberOrNull, type Row, type Statements, text, word } from './statements.ts';

function cursor(row: Row): CursorRow {
  return {
    mailboxId: number(row, 'mailbox_id'),
    link: text(row, 'link'),
    freshAt: number(row, 'fresh_at'),
    roundAt: number(row, 'round_at'),
    changedAt: number(row, 'changed_at'),
  };
}

function presence(row: Row): PresenceRow {
  const replies: AutomaticReplies = {
    status: word(row, 'status'),
    startAt: numberOrNull(row, 'start_at'),
    endAt: numberOrNull(row, 'end_at'),
  };
  return {
    mailboxId: number(row, 'mailbox_id'),
    replies,
    readAt: number(row, 'read_at'),
    away: number(row, 'away') === 1,
    until: numberOrNull(row, 'until'),
    version: number(row, 'version'),
    deliveredVersion: number(row, 'delivered_version'),
  };
}

/** What is watched by asking: where the calendar was read up to, and who is out of office. */
export function watchReads(s: Statements): Pick<Reader, 'cursor' | 'presence'> {
  return {
    cursor: (mailboxId) => {
      const row = s.one('SELECT * FROM cursors WHERE mailbox_id = ?', mailboxId);
      return row === null ? null : cursor(row);
    },
    presence: (mailboxId) => {
      const row = s.one('SELECT * FROM presences WHERE mailbox_id = ?', mailboxId);
      return row === null ? null : presence(row);
    },
  };
}

type Writes = 'putCursor' | 'deleteCursor' | 'putPresence' | 'touchPresence' | 'setPresenceDelivered';

export function watchWrites(s: Statements): Pick<Writer, Writes> {
  return {
    putCursor: (row) => {
      const sql = 'INSERT OR REPLACE INTO cursors VALUES (?, ?, ?, ?, ?)';
      s.run(sql, row.mailboxId, row.link, row.freshAt, row.roundAt, row.changedAt);
    },
    deleteCursor: (mailboxId) => {
      s.run('DELETE FROM cursors WHERE mailbox_id = ?', mailboxId);
    },
    putPresence: ({ mailboxId, replies, readAt, away, until, version, deliveredVersion }) => {
      const told = [replies.status, replies.startAt, replies.endAt, readAt, away ? 1 : 0, until] as const;
      const sql = 'INSERT OR REPLACE INTO presences VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)';
      s.run(sql, mailboxId, ...told, version, deliveredVersion);
    },
    touchPresence: (mailboxId, now) => {
      const sql = `INSERT INTO presences VALUES (?, 'disabled', NULL, NULL, ?, 0, NULL, 0, 0)
        ON CONFLICT (mailbox_id) DO UPDATE SET read_at = excluded.read_at`;
      s.run(sql, mailboxId, now);
    },
    setPresenceDelivered: (mailboxId, version) => {
      const sql = 'UPDATE presences SET delivered_version = max(delivered_version, ?) WHERE mailbox_id = ?';
      s.run(sql, version, mailboxId);
    },
  };
}
