/** What is made in Webex for a keyword: meetings and spaces beside personal rooms. SQLite can't change a CHECK: a new table takes over. */
export const SQL = `
CREATE TABLE new_arrangements (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id),
  event_id TEXT NOT NULL,
  series_id TEXT,
  kind TEXT NOT NULL CHECK (kind IN ('personal-room', 'one-time', 'space')),
  state TEXT NOT NULL CHECK (state IN ('standing', 'rewriting', 'ending', 'undecorating', 'undecorated')),
  mark TEXT NOT NULL,
  webex_meeting_id TEXT,
  space_id TEXT,
  asked_hash BLOB,
  written_change_key TEXT,
  intended_at INTEGER NOT NULL,
  written_at INTEGER,
  ends_at INTEGER,
  mails INTEGER NOT NULL,
  PRIMARY KEY (mailbox_id, event_id)
) STRICT;
INSERT INTO new_arrangements (mailbox_id, event_id, kind, state, mark, written_change_key, intended_at, written_at, ends_at, mails)
  SELECT mailbox_id, event_id, kind, 'standing', mark, written_change_key, intended_at, written_at, ends_at, 0 FROM arrangements;
DROP TABLE arrangements;
ALTER TABLE new_arrangements RENAME TO arrangements;
CREATE INDEX arrangements_by_series ON arrangements (mailbox_id, series_id) WHERE series_id IS NOT NULL;
CREATE INDEX arrangements_by_end ON arrangements (ends_at);
`;
