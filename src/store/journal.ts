import type { Alarm } from '../domain/alarm.ts';
import type { DeliveryRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import type { Trace } from '../domain/trace.ts';
import { number, numberOrNull, type Row, type Statements, text, textOrNull, word } from './statements.ts';

function delivery(row: Row): DeliveryRow {
  return {
    at: number(row, 'at'),
    mailboxId: number(row, 'mailbox_id'),
    meetingId: text(row, 'meeting_id'),
    version: number(row, 'version'),
    kind: word(row, 'kind'),
    latencyMs: number(row, 'latency_ms'),
  };
}

function alarm(row: Row): Alarm {
  return {
    id: word(row, 'id'),
    subject: text(row, 'subject'),
    since: number(row, 'since'),
    reason: text(row, 'reason'),
  };
}

function trace(row: Row): Trace {
  const eventId = textOrNull(row, 'event_id');
  return { at: number(row, 'at'), mailboxId: number(row, 'mailbox_id'), eventId, code: word(row, 'code') };
}

const TRACE_LINES = `SELECT t.*, m.start_at FROM traces t
  LEFT JOIN meetings m ON m.mailbox_id = t.mailbox_id AND m.event_id = t.event_id
  WHERE t.mailbox_id = ? AND (? IS NULL OR (m.start_at <= ? AND m.end_at > ?))
  ORDER BY t.id DESC LIMIT ?`;

type Reads =
  | 'inboxCount'
  | 'heardOf'
  | 'lastReceivedAt'
  | 'deliveries'
  | 'deliveredSince'
  | 'alarms'
  | 'traces'
  | 'traceLines';

/** What came in, what went out, what stands and why: inbox, deliveries, alarms, traces. */
export function journalReads(s: Statements): Pick<Reader, Reads> {
  const n = (row: Row | null): number => (row === null ? 0 : number(row, 'n'));
  return {
    inboxCount: () => n(s.one('SELECT count(*) AS n FROM inbox')),
    heardOf: (mailboxId, eventId, since) => {
      const sql = 'SELECT 1 FROM inbox WHERE mailbox_id = ? AND event_id = ? AND received_at >= ? LIMIT 1';
      return s.one(sql, mailboxId, eventId, since) !== null;
    },
    lastReceivedAt: () => {
      const row = s.one('SELECT max(received_at) AS at FROM inbox');
      return row === null ? null : numberOrNull(row, 'at');
    },
    deliveries: (limit) => s.all('SELECT * FROM deliveries ORDER BY id DESC LIMIT ?', limit).map(delivery),
    deliveredSince: (instant) => n(s.one('SELECT count(*) AS n FROM deliveries WHERE at >= ?', instant)),
    alarms: () => s.all('SELECT * FROM alarms ORDER BY since, id').map(alarm),
    traces: (mailboxId, eventId) =>
      s
        .all('SELECT * FROM traces WHERE mailbox_id = ? AND event_id = ? ORDER BY id', mailboxId, eventId)
        .map(trace),
    traceLines: (mailboxId, during, limit) =>
      s
        .all(TRACE_LINES, mailboxId, during, during, during, limit)
        .map((row) => ({ ...trace(row), startAt: numberOrNull(row, 'start_at') }))
        .reverse(),
  };
}

type Writes = 'addInbox' | 'addDelivery' | 'addTrace' | 'raiseAlarm' | 'clearAlarm';

export function journalWrites(s: Statements): Pick<Writer, Writes> {
  return {
    addInbox: (row, now) => {
      const values = [row.subscriptionId, row.mailboxId, row.eventId, row.changeType, row.etag, now] as const;
      const sql = `INSERT INTO inbox (subscription_id, mailbox_id, event_id, change_type, etag, received_at)
        VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
      return s.run(sql, ...values) > 0;
    },
    addDelivery: (row) => {
      const sql =
        'INSERT INTO deliveries (at, mailbox_id, meeting_id, version, kind, latency_ms) VALUES (?, ?, ?, ?, ?, ?)';
      s.run(sql, row.at, row.mailboxId, row.meetingId, row.version, row.kind, row.latencyMs);
    },
    addTrace: (row) => {
      const sql = 'INSERT INTO traces (at, mailbox_id, event_id, code) VALUES (?, ?, ?, ?)';
      s.run(sql, row.at, row.mailboxId, row.eventId, row.code);
    },
    raiseAlarm: (id, subject, reason, now) =>
      s.run('INSERT INTO alarms VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', id, subject, reason, now) > 0,
    clearAlarm: (id, subject) => s.run('DELETE FROM alarms WHERE id = ? AND subject = ?', id, subject) > 0,
  };
}
