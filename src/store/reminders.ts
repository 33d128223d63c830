import type { ReminderRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import { bytesOrNull, number, numberOrNull, type Row, type Statements, text, word } from './statements.ts';

function reminder(row: Row): ReminderRow {
  return {
    mailboxId: number(row, 'mailbox_id'),
    eventId: text(row, 'event_id'),
    wanted: number(row, 'wanted') === 1,
    startAt: number(row, 'start_at'),
    endAt: number(row, 'end_at'),
    dueAt: numberOrNull(row, 'due_at'),
    told: word(row, 'told'),
    toldStartAt: numberOrNull(row, 'told_start_at'),
    toldHash: bytesOrNull(row, 'told_hash'),
    version: number(row, 'version'),
    sentVersion: number(row, 'sent_version'),
  };
}

type Reads = 'reminder' | 'toldReminders' | 'dueReminders' | 'nextReminderAt';

/** The reminders of meetings. */
export function reminderReads(s: Statements): Pick<Reader, Reads> {
  return {
    reminder: (mailboxId, eventId) => {
      const row = s.one('SELECT * FROM reminders WHERE mailbox_id = ? AND event_id = ?', mailboxId, eventId);
      return row === null ? null : reminder(row);
    },
    toldReminders: (mailboxId) => s.all(MAY_BE_HELD, mailboxId).map(reminder),
    dueReminders: (now, limit) => s.all(DUE, now, now, limit).map(reminder),
    nextReminderAt: (after) => {
      const row = s.one('SELECT min(due_at) AS at FROM reminders WHERE due_at > ?', after);
      return row === null ? null : numberOrNull(row, 'at');
    },
  };
}

type Writes = 'setReminderLead' | 'putReminder' | 'setReminderSent' | 'moveReminders';

export function reminderWrites(s: Statements): Pick<Writer, Writes> {
  return {
    setReminderLead: (mailboxId, leadMs) => {
      s.run('UPDATE mailboxes SET reminder_lead_ms = ? WHERE id = ?', leadMs, mailboxId);
    },
    putReminder: (r) => {
      const planned = [r.mailboxId, r.eventId, r.wanted ? 1 : 0, r.startAt, r.endAt, r.dueAt] as const;
      s.run(PUT, ...planned, r.told, r.toldStartAt, r.toldHash, r.version, r.sentVersion);
    },
    setReminderSent: (mailboxId, eventId, version) => {
      const sql = `UPDATE reminders SET sent_version = max(sent_version, ?),
        due_at = CASE WHEN told = 'reminder' AND version = ? THEN NULL ELSE due_at END WHERE mailbox_id = ? AND event_id = ?`;
      s.run(sql, version, version, mailboxId, eventId);
    },
    moveReminders: (mailboxId, leadMs) => {
      const whose = mailboxId === null ? 'SELECT id FROM mailboxes WHERE reminder_lead_ms IS NULL' : '?';
      const sql = `UPDATE reminders SET due_at = start_at - ? WHERE due_at IS NOT NULL AND mailbox_id IN (${whose})`;
      s.run(sql, leadMs, ...(mailboxId === null ? [] : [mailboxId]));
    },
  };
}

// What waits, runs or was given up is not to be begun once more; each of the three has an index of its own.
const IN_JOB = (state: string, more = ''): string =>
  `EXISTS (SELECT 1 FROM jobs AS j WHERE j.state = '${state}' AND j.kind = 'remind' AND j.key = r.mailbox_id || '/' || r.event_id ${more})`;
/** A meeting that has changed since then is worth another try. */
const SINCE_CHANGE = `AND j.settled_at >= (SELECT m.changed_at FROM meetings AS m
  WHERE m.mailbox_id = r.mailbox_id AND m.event_id = r.event_id)`;
const DUE = `SELECT * FROM reminders AS r WHERE r.due_at <= ? AND r.end_at > ?
  AND NOT ${IN_JOB('waiting')} AND NOT ${IN_JOB('leased')} AND NOT ${IN_JOB('dead', SINCE_CHANGE)} ORDER BY r.due_at LIMIT ?`;

// A withdrawal that is not acknowledged may never have arrived.
const MAY_BE_HELD =
  "SELECT * FROM reminders WHERE mailbox_id = ? AND (told = 'reminder' OR sent_version < version)";

const PUT = `INSERT INTO reminders (mailbox_id, event_id, wanted, start_at, end_at, due_at, told, told_start_at, told_hash, version,
    sent_version)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (mailbox_id, event_id) DO UPDATE SET wanted = excluded.wanted, start_at = excluded.start_at, end_at = excluded.end_at,
    due_at = excluded.due_at, told = excluded.told, told_start_at = excluded.told_start_at, told_hash = excluded.told_hash,
    version = excluded.version, sent_version = max(sent_version, excluded.sent_version)`;
