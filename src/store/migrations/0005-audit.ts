/** The audit log: appended to, one row after the other, and never changed. And an index for what retention takes out. */
export const SQL = `
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY CHECK (seq >= 1),
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  source TEXT NOT NULL,
  act TEXT NOT NULL,
  phase TEXT NOT NULL CHECK (phase IN ('intent', 'outcome')),
  intent INTEGER,
  outcome TEXT CHECK (outcome IN ('done', 'refused', 'failed')),
  reason TEXT,
  mailbox_id INTEGER,
  mailbox_hash TEXT,
  about TEXT,
  count INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_intents ON audit (act, mailbox_id) WHERE phase = 'intent';
CREATE UNIQUE INDEX audit_outcomes ON audit (intent) WHERE intent IS NOT NULL;

CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit)
BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;

CREATE INDEX meetings_withdrawn ON meetings (changed_at) WHERE state = 'withdrawn';

CREATE TABLE audit_signing_keys (
  public_key BLOB PRIMARY KEY,
  seed_sealed BLOB NOT NULL,
  key_uri TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
`;
