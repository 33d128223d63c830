import type { MeetingRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import { meeting } from './meetings.ts';
import type { Statements } from './statements.ts';

/** Which copies of rooms lost their text. */
export function strippedReads(s: Statements): Pick<Reader, 'anyStripped' | 'strippedAt'> {
  return {
    anyStripped: () => s.one('SELECT 1 FROM stripped_meetings LIMIT 1') !== null,
    strippedAt: (mailboxId, startAt, endAt): MeetingRow[] => {
      const sql = `SELECT m.* FROM meetings AS m JOIN stripped_meetings AS x ON x.mailbox_id = m.mailbox_id AND x.event_id = m.event_id
        WHERE m.mailbox_id = ? AND m.start_at = ? AND m.end_at = ? AND m.state = 'listed'`;
      return s.all(sql, mailboxId, startAt, endAt).map(meeting);
    },
  };
}

export function strippedWrites(s: Statements): Pick<Writer, 'setStripped'> {
  return {
    setStripped: (mailboxId, eventId, isStripped) => {
      const sql = isStripped
        ? 'INSERT INTO stripped_meetings VALUES (?, ?) ON CONFLICT DO NOTHING'
        : 'DELETE FROM stripped_meetings WHERE mailbox_id = ? AND event_id = ?';
      s.run(sql, mailboxId, eventId);
    },
  };
}
