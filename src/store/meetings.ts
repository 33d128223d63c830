import type { MeetingRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
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

export function meeting(row: Row): MeetingRow {
  return {
    mailboxId: number(row, 'mailbox_id'),
    eventId: text(row, 'event_id'),
    seriesId: textOrNull(row, 'series_id'),
    meetingId: text(row, 'meeting_id'),
    version: number(row, 'version'),
    state: word(row, 'state'),
    changeKey: textOrNull(row, 'change_key'),
    contentHash: bytesOrNull(row, 'content_hash'),
    keyUri: textOrNull(row, 'key_uri'),
    envelope: bytesOrNull(row, 'envelope'),
    startAt: number(row, 'start_at'),
    endAt: number(row, 'end_at'),
    changedAt: number(row, 'changed_at'),
    deliveredVersion: number(row, 'delivered_version'),
  };
}

type Reads =
  | 'meeting'
  | 'meetingsOf'
  | 'listedMeetings'
  | 'listedOfSeries'
  | 'nextStartAt'
  | 'meetingsEndedBefore'
  | 'meetingsStartingAfter'
  | 'meetingCounts';

export function meetingReads(s: Statements): Pick<Reader, Reads> {
  return {
    meeting: (mailboxId, eventId) => {
      const row = s.one('SELECT * FROM meetings WHERE mailbox_id = ? AND event_id = ?', mailboxId, eventId);
      return row === null ? null : meeting(row);
    },
    listedMeetings: (mailboxId, from, to) => {
      const sql =
        "SELECT * FROM meetings WHERE mailbox_id = ? AND state = 'listed' AND start_at < ? AND end_at > ?";
      return s.all(sql, mailboxId, to, from).map(meeting);
    },
    listedOfSeries: (mailboxId, seriesId) => {
      const sql = "SELECT * FROM meetings WHERE mailbox_id = ? AND series_id = ? AND state = 'listed'";
      return s.all(sql, mailboxId, seriesId).map(meeting);
    },
    nextStartAt: (mailboxId, after) => {
      const sql =
        "SELECT min(start_at) AS at FROM meetings WHERE mailbox_id = ? AND state = 'listed' AND start_at > ?";
      const row = s.one(sql, mailboxId, after);
      return row === null ? null : numberOrNull(row, 'at');
    },
    meetingsOf: (mailboxId) => s.all('SELECT * FROM meetings WHERE mailbox_id = ?', mailboxId).map(meeting),
    meetingsEndedBefore: (instant, limit) => {
      const sql = "SELECT * FROM meetings WHERE state = 'listed' AND end_at < ? ORDER BY end_at LIMIT ?";
      return s.all(sql, instant, limit).map(meeting);
    },
    meetingsStartingAfter: (instant, limit) => {
      // The first condition follows from the second; it is the one that has an index.
      const sql = "SELECT * FROM meetings WHERE state = 'listed' AND end_at > ? AND start_at > ? LIMIT ?";
      return s.all(sql, instant, instant, limit).map(meeting);
    },
    meetingCounts: () => {
      const sql = "SELECT mailbox_id, count(*) AS n FROM meetings WHERE state = 'listed' GROUP BY mailbox_id";
      return new Map(s.all(sql).map((row) => [number(row, 'mailbox_id'), number(row, 'n')]));
    },
  };
}

type Writes = 'putMeeting' | 'setDelivered' | 'deleteMeeting';

export function meetingWrites(s: Statements): Pick<Writer, Writes> {
  return {
    putMeeting: (m) => {
      const ids = [
        m.mailboxId,
        m.eventId,
        m.seriesId,
        m.meetingId,
        m.version,
        m.state,
        m.changeKey,
        m.contentHash,
      ] as const;
      const rest = [m.keyUri, m.envelope, m.startAt, m.endAt, m.changedAt, m.deliveredVersion] as const;
      s.run(PUT_MEETING, ...ids, ...rest);
    },
    setDelivered: (mailboxId, eventId, version) => {
      const sql =
        'UPDATE meetings SET delivered_version = max(delivered_version, ?) WHERE mailbox_id = ? AND event_id = ?';
      s.run(sql, version, mailboxId, eventId);
    },
    deleteMeeting: (mailboxId, eventId) => {
      s.run('DELETE FROM meetings WHERE mailbox_id = ? AND event_id = ?', mailboxId, eventId);
    },
  };
}

const PUT_MEETING = `INSERT INTO meetings (mailbox_id, event_id, series_id, meeting_id, version, state, change_key, content_hash, key_uri,
    envelope, start_at, end_at, changed_at, delivered_version)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (mailbox_id, event_id) DO UPDATE SET series_id = excluded.series_id, meeting_id = excluded.meeting_id, version = excluded.version,
    state = excluded.state, change_key = excluded.change_key, content_hash = excluded.content_hash,
    key_uri = excluded.key_uri, envelope = excluded.envelope, start_at = excluded.start_at, end_at = excluded.end_at,
    changed_at = excluded.changed_at, delivered_version = max(delivered_version, excluded.delivered_version)`;
