/**
 * Reminders of meetings, the copies of rooms that lost their text, and the mailboxes that are read anew. What is listed already gets one, but for what lasts whole days: its envelope alone tells whether it can
 * be joined. The lead of five minutes stands until the next start plans anew.
 */
export const SQL = `
ALTER TABLE mailboxes ADD COLUMN reminder_lead_ms INTEGER;

CREATE TABLE reminders (
  mailbox_id INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  wanted INTEGER NOT NULL CHECK (wanted IN (0, 1)),
  start_at INTEGER NOT NULL,
  end_at INTEGER NOT NULL,
  due_at INTEGER,
  told TEXT NOT NULL CHECK (told IN ('nothing', 'reminder', 'withdrawal')),
  told_start_at INTEGER,
  told_hash BLOB,
  version INTEGER NOT NULL,
  sent_version INTEGER NOT NULL,
  PRIMARY KEY (mailbox_id, event_id),
  FOREIGN KEY (mailbox_id, event_id) REFERENCES meetings (mailbox_id, event_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX reminders_due ON reminders (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE stripped_meetings (
  mailbox_id INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, event_id),
  FOREIGN KEY (mailbox_id, event_id) REFERENCES meetings (mailbox_id, event_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE resyncs (
  mailbox_id INTEGER PRIMARY KEY REFERENCES mailboxes (id) ON DELETE CASCADE,
  step TEXT NOT NULL CHECK (step IN ('asked', 'begun', 'read'))
) STRICT;

INSERT INTO reminders
  SELECT mailbox_id, event_id, 1, start_at, end_at, start_at - 300000, 'nothing', NULL, NULL, 0, 0 FROM meetings
  WHERE state = 'listed' AND end_at > unixepoch() * 1000 AND end_at - start_at < 86400000;
`;
