/** Events that lie beyond the meetings list, and when it reaches them. */
export const SQL = `
CREATE TABLE upcoming (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
  event_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (mailbox_id, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX upcoming_by_time ON upcoming (at);
`;
