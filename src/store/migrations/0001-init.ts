/** The first schema. Append-only: what was released is never changed, only followed by another file. */
export const SQL = `
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE mailboxes (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'room')),
  guid TEXT UNIQUE,
  webex_id TEXT,
  address_sealed BLOB NOT NULL,
  address_hash BLOB NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('not-activated', 'pending', 'activated', 'error', 'paused', 'out-of-scope')),
  reason TEXT,
  since INTEGER NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  retry_at INTEGER,
  locale TEXT
) STRICT;

CREATE TABLE cursors (
  mailbox_id INTEGER PRIMARY KEY REFERENCES mailboxes (id) ON DELETE CASCADE,
  link TEXT NOT NULL,
  fresh_at INTEGER NOT NULL,
  round_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE presences (
  mailbox_id INTEGER PRIMARY KEY REFERENCES mailboxes (id) ON DELETE CASCADE,
  status TEXT NOT NULL CHECK (status IN ('disabled', 'alwaysEnabled', 'scheduled')),
  start_at INTEGER,
  end_at INTEGER,
  read_at INTEGER NOT NULL,
  away INTEGER NOT NULL CHECK (away IN (0, 1)),
  until INTEGER,
  version INTEGER NOT NULL,
  delivered_version INTEGER NOT NULL
) STRICT;

CREATE TABLE meetings (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id),
  event_id TEXT NOT NULL,
  series_id TEXT,
  meeting_id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL CHECK (version >= 1),
  state TEXT NOT NULL CHECK (state IN ('listed', 'withdrawn')),
  change_key TEXT,
  content_hash BLOB,
  key_uri TEXT,
  envelope BLOB,
  start_at INTEGER NOT NULL,
  end_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  delivered_version INTEGER NOT NULL,
  PRIMARY KEY (mailbox_id, event_id)
) STRICT;
CREATE INDEX meetings_by_time ON meetings (mailbox_id, start_at, end_at) WHERE state = 'listed';
CREATE INDEX meetings_by_series ON meetings (mailbox_id, series_id) WHERE series_id IS NOT NULL;
CREATE INDEX meetings_by_end ON meetings (end_at) WHERE state = 'listed';

CREATE TABLE arrangements (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id),
  event_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('personal-room')),
  mark TEXT NOT NULL,
  written_change_key TEXT,
  intended_at INTEGER NOT NULL,
  written_at INTEGER,
  ends_at INTEGER NOT NULL,
  PRIMARY KEY (mailbox_id, event_id)
) STRICT;

CREATE TABLE subscriptions (
  id TEXT PRIMARY KEY,
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id),
  client_state_hash BLOB NOT NULL,
  notification_url TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE keys (
  uri TEXT PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('mailbox', 'directory')),
  mailbox_id INTEGER REFERENCES mailboxes (id),
  resource_uri TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seal_until INTEGER NOT NULL
) STRICT;
CREATE INDEX keys_by_mailbox ON keys (mailbox_id, created_at);

CREATE TABLE inbox (
  id INTEGER PRIMARY KEY,
  subscription_id TEXT NOT NULL,
  mailbox_id INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  change_type TEXT NOT NULL,
  etag TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  UNIQUE (subscription_id, event_id, change_type, etag)
) STRICT;
CREATE INDEX inbox_by_time ON inbox (received_at);
CREATE INDEX inbox_by_event ON inbox (mailbox_id, event_id, received_at);

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  mailbox_id INTEGER,
  event_id TEXT,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'leased', 'done', 'dead')),
  run_at INTEGER NOT NULL,
  urgent INTEGER NOT NULL DEFAULT 0 CHECK (urgent IN (0, 1)),
  attempt INTEGER NOT NULL,
  lease_id TEXT,
  leased_until INTEGER,
  reason TEXT,
  created_at INTEGER NOT NULL,
  settled_at INTEGER
) STRICT;
CREATE UNIQUE INDEX jobs_waiting ON jobs (kind, key) WHERE state = 'waiting';
CREATE UNIQUE INDEX jobs_leased ON jobs (kind, key) WHERE state = 'leased';
CREATE INDEX jobs_urgent ON jobs (kind, run_at, id) WHERE state = 'waiting' AND urgent = 1;
CREATE INDEX jobs_of_mailbox ON jobs (mailbox_id) WHERE state = 'leased';
CREATE INDEX jobs_dead ON jobs (kind, key) WHERE state = 'dead';
CREATE INDEX jobs_due ON jobs (kind, run_at, id) WHERE state = 'waiting';
CREATE INDEX jobs_settled ON jobs (state, settled_at) WHERE state IN ('done', 'dead');

CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  mailbox_id INTEGER NOT NULL,
  meeting_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('create', 'update', 'withdraw')),
  latency_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX deliveries_by_time ON deliveries (at);

CREATE TABLE traces (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  mailbox_id INTEGER NOT NULL,
  event_id TEXT,
  code TEXT NOT NULL
) STRICT;
CREATE INDEX traces_by_event ON traces (mailbox_id, event_id);
CREATE INDEX traces_by_time ON traces (at);

CREATE TABLE alarms (
  id TEXT NOT NULL,
  subject TEXT NOT NULL,
  reason TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (id, subject)
) STRICT;

CREATE TABLE admins (name TEXT PRIMARY KEY, password_hash TEXT NOT NULL) STRICT;
CREATE TABLE sessions (
  token_hash BLOB PRIMARY KEY,
  admin TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL
) STRICT;
`;
