import type { Reader, Writer } from '../domain/store-port.ts';
import { number, numberOrNull, type Statements, text } from './statements.ts';

/** What the meetings list reaches later. */
export function upcomingReads(s: Statements): Pick<Reader, 'nextUpcomingAt'> {
  return {
    nextUpcomingAt: () => {
      const row = s.one('SELECT min(at) AS at FROM upcoming');
      return row === null ? null : numberOrNull(row, 'at');
    },
  };
}

export function upcomingWrites(s: Statements): Pick<Writer, 'putUpcoming' | 'takeUpcoming'> {
  return {
    putUpcoming: ({ mailboxId, eventId, at }) => {
      const sql = 'INSERT INTO upcoming VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = min(at, excluded.at)';
      s.run(sql, mailboxId, eventId, at);
    },
    takeUpcoming: (now, limit) => {
      const due = s.all('SELECT * FROM upcoming WHERE at <= ? ORDER BY at LIMIT ?', now, limit);
      return due.map((row) => {
        const [mailboxId, eventId] = [number(row, 'mailbox_id'), text(row, 'event_id')];
        s.run('DELETE FROM upcoming WHERE mailbox_id = ? AND event_id = ?', mailboxId, eventId);
        return { mailboxId, eventId, at: number(row, 'at') };
      });
    },
  };
}
