import type { ArrangementRow } from '../domain/arrangement.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import { meeting } from './meetings.ts';
import {
  bytesOrNull,
  number,
  numberOrNull,
  type Row,
  type Statements,
  text,
  textOrNull,
  word,
} from './statements.ts';

function arrangement(row: Row): ArrangementRow {
  return {
    mailboxId: number(row, 'mailbox_id'),
    eventId: text(row, 'event_id'),
    seriesId: textOrNull(row, 'series_id'),
    kind: word(row, 'kind'),
    state: word(row, 'state'),
    mark: text(row, 'mark'),
    webexMeetingId: textOrNull(row, 'webex_meeting_id'),
    spaceId: textOrNull(row, 'space_id'),
    askedHash: bytesOrNull(row, 'asked_hash'),
    askedKey: textOrNull(row, 'asked_key'),
    invited: bytesOrNull(row, 'invited'),
    carried: textOrNull(row, 'carried'),
    writtenChangeKey: textOrNull(row, 'written_change_key'),
    intendedAt: number(row, 'intended_at'),
    writtenAt: numberOrNull(row, 'written_at'),
    endsAt: numberOrNull(row, 'ends_at'),
    mails: number(row, 'mails'),
  };
}

type Reads =
  | 'arrangement'
  | 'arrangementsOfSeries'
  | 'arrangementsEndingAfter'
  | 'arrangementsWritten'
  | 'arrangedMeetings'
  | 'meetingsArrangedBy'
  | 'isArranging'
  | 'mailsCaused';

/** What was arranged in Webex for keywords. */
export function arrangementReads(s: Statements): Pick<Reader, Reads> {
  return {
    arrangement: (mailboxId, eventId) => {
      const sql = 'SELECT * FROM arrangements WHERE mailbox_id = ? AND event_id = ?';
      const row = s.one(sql, mailboxId, eventId);
      return row === null ? null : arrangement(row);
    },
    arrangementsOfSeries: (mailboxId, seriesId) => {
      const sql = 'SELECT * FROM arrangements WHERE mailbox_id = ? AND series_id = ?';
      return s.all(sql, mailboxId, seriesId).map(arrangement);
    },
    arrangementsEndingAfter: (mailboxId, instant) => {
      const sql = 'SELECT * FROM arrangements WHERE mailbox_id = ? AND (ends_at IS NULL OR ends_at > ?)';
      return s.all(sql, mailboxId, instant).map(arrangement);
    },
    arrangementsWritten: (mailboxId, instant) => {
      const sql = `SELECT * FROM arrangements WHERE (? IS NULL OR mailbox_id = ?) AND written_at IS NOT NULL
        AND state IN ('standing', 'rewriting', 'undecorating') AND (ends_at IS NULL OR ends_at > ?)`;
      return s.all(sql, mailboxId, mailboxId, instant).map(arrangement);
    },
    arrangedMeetings: (from, to) => s.all(ARRANGED, from, to).map(meeting),
    meetingsArrangedBy: (mailboxId, startAt) => s.all(ARRANGED_BY, mailboxId, startAt).map(meeting),
    isArranging: (mailboxId, since) => s.one(ARRANGING, mailboxId, since) !== null,
    mailsCaused: () => {
      const row = s.one("SELECT value FROM settings WHERE name = 'mails-caused'");
      return row === null ? 0 : Number(text(row, 'value'));
    },
  };
}

type Writes = 'putArrangement' | 'deleteArrangement' | 'addMailsCaused';

export function arrangementWrites(s: Statements): Pick<Writer, Writes> {
  return {
    putArrangement: (a) => {
      const ids = [a.mailboxId, a.eventId, a.seriesId, a.kind, a.state, a.mark] as const;
      const made = [a.webexMeetingId, a.spaceId, a.askedHash, a.askedKey, a.invited, a.carried] as const;
      s.run(PUT, ...ids, ...made, a.writtenChangeKey, a.intendedAt, a.writtenAt, a.endsAt, a.mails);
    },
    deleteArrangement: (mailboxId, eventId) => {
      s.run('DELETE FROM arrangements WHERE mailbox_id = ? AND event_id = ?', mailboxId, eventId);
    },
    addMailsCaused: (count) => {
      s.run(ADD_MAILS, String(count), count);
    },
  };
}

// From the few that are arranged to their meetings, which the index finds by mailbox and time.
const ARRANGED = `SELECT m.* FROM arrangements AS a CROSS JOIN meetings AS m ON m.mailbox_id = a.mailbox_id
    AND (m.event_id = a.event_id OR m.series_id = a.event_id)
  WHERE a.state = 'standing' AND a.written_at IS NOT NULL AND m.state = 'listed' AND m.start_at > ? AND m.start_at <= ?`;

const ARRANGED_BY = `SELECT m.* FROM arrangements AS a CROSS JOIN meetings AS m ON m.mailbox_id = a.mailbox_id
    AND (m.event_id = a.event_id OR m.series_id = a.event_id)
  WHERE a.mailbox_id = ? AND a.kind <> 'personal-room' AND m.state = 'listed' ORDER BY m.start_at <> ?, m.start_at`;

const ARRANGING = `SELECT 1 FROM arrangements AS a WHERE a.mailbox_id = ? AND a.kind <> 'personal-room' AND a.intended_at > ?
  AND NOT EXISTS (SELECT 1 FROM meetings AS m WHERE m.mailbox_id = a.mailbox_id AND (m.event_id = a.event_id OR m.series_id = a.event_id))
  LIMIT 1`;

const PUT = `INSERT OR REPLACE INTO arrangements (mailbox_id, event_id, series_id, kind, state, mark, webex_meeting_id, space_id,
    asked_hash, asked_key, invited, carried, written_change_key, intended_at, written_at, ends_at, mails)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const ADD_MAILS = `INSERT INTO settings VALUES ('mails-caused', ?)
  ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + ? AS TEXT)`;
