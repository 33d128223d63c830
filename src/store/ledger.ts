import type { KeyRow, SessionRow, SubscriptionRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import { KeptRows } from './kept-rows.ts';
import { bytes, number, numberOrNull, type Row, type Statements, text, word } from './statements.ts';

function subscription(row: Row): SubscriptionRow {
  return {
    id: text(row, 'id'),
    mailboxId: number(row, 'mailbox_id'),
    clientStateHash: bytes(row, 'client_state_hash'),
    notificationUrl: text(row, 'notification_url'),
    expiresAt: number(row, 'expires_at'),
    createdAt: number(row, 'created_at'),
  };
}

function key(row: Row): KeyRow {
  return {
    uri: text(row, 'uri'),
    role: word(row, 'role'),
    mailboxId: numberOrNull(row, 'mailbox_id'),
    resourceUri: text(row, 'resource_uri'),
    createdAt: number(row, 'created_at'),
    sealUntil: number(row, 'seal_until'),
  };
}

function session(row: Row): SessionRow {
  return {
    tokenHash: bytes(row, 'token_hash'),
    admin: text(row, 'admin'),
    createdAt: number(row, 'created_at'),
    lastSeenAt: number(row, 'last_seen_at'),
  };
}

const newer = (best: KeyRow | null, next: KeyRow): KeyRow =>
  best !== null && best.createdAt > next.createdAt ? best : next;

const mapped = <T>(row: Row | null, map: (row: Row) => T): T | null => (row === null ? null : map(row));

type Reads =
  | 'setting'
  | 'subscription'
  | 'subscriptions'
  | 'sealingKey'
  | 'directoryKey'
  | 'key'
  | 'keys'
  | 'admin'
  | 'adminCount'
  | 'session';

/** Every notification asks for its subscription: enough for a large tenant, and not more than some ten megabytes. */
const KEPT_SUBSCRIPTIONS = 30_000;

export function keptSubscriptions(s: Statements): KeptRows<SubscriptionRow> {
  return new KeptRows(s, KEPT_SUBSCRIPTIONS);
}

/** Settings, subscriptions, keys, administrators and their sessions. */
export function ledgerReads(s: Statements, kept: KeptRows<SubscriptionRow>): Pick<Reader, Reads> {
  return {
    setting: (name) =>
      mapped(s.one('SELECT value FROM settings WHERE name = ?', name), (row) => text(row, 'value')),
    subscription: (id) =>
      kept.get(id, () => mapped(s.one('SELECT * FROM subscriptions WHERE id = ?', id), subscription)),
    subscriptions: () =>
      s.all('SELECT * FROM subscriptions ORDER BY mailbox_id, created_at').map(subscription),
    sealingKey: (mailboxId, now) => {
      // Hardly ever more than one; sorted here, because SQLite would plan a sorted search anew for every mailbox.
      const rows = s.all('SELECT * FROM keys WHERE mailbox_id IS ? AND seal_until > ?', mailboxId, now);
      return rows.map(key).reduce<KeyRow | null>(newer, null);
    },
    directoryKey: () => {
      const sql =
        "SELECT * FROM keys WHERE mailbox_id IS NULL AND role = 'directory' ORDER BY created_at, rowid LIMIT 1";
      return mapped(s.one(sql), key);
    },
    key: (uri) => mapped(s.one('SELECT * FROM keys WHERE uri = ?', uri), key),
    keys: () => s.all('SELECT * FROM keys ORDER BY created_at').map(key),
    admin: (name) =>
      mapped(s.one('SELECT * FROM admins WHERE name = ?', name), (row) => ({
        name: text(row, 'name'),
        passwordHash: text(row, 'password_hash'),
      })),
    adminCount: () => mapped(s.one('SELECT count(*) AS n FROM admins'), (row) => number(row, 'n')) ?? 0,
    session: (hash) => mapped(s.one('SELECT * FROM sessions WHERE token_hash = ?', hash), session),
  };
}

type Writes =
  | 'setSetting'
  | 'putSubscription'
  | 'setSubscriptionExpiry'
  | 'deleteSubscription'
  | 'distrustSubscription'
  | 'addKey'
  | 'putAdmin'
  | 'putSession'
  | 'touchSession'
  | 'deleteSession'
  | 'deleteSessionsOf';

export function ledgerWrites(s: Statements, kept: KeptRows<SubscriptionRow>): Pick<Writer, Writes> {
  return {
    setSetting: (name, value) => {
      s.run(
        'INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
        name,
        value,
      );
    },
    putSubscription: (row) => {
      kept.forget();
      const values = [
        row.id,
        row.mailboxId,
        row.clientStateHash,
        row.notificationUrl,
        row.expiresAt,
        row.createdAt,
      ] as const;
      s.run('INSERT OR REPLACE INTO subscriptions VALUES (?, ?, ?, ?, ?, ?)', ...values);
    },
    setSubscriptionExpiry: (id, expiresAt) => {
      kept.forget();
      s.run('UPDATE subscriptions SET expires_at = ? WHERE id = ?', expiresAt, id);
    },
    deleteSubscription: (id) => {
      kept.forget();
      s.run('DELETE FROM subscriptions WHERE id = ?', id);
    },
    distrustSubscription: (id) => {
      s.run("UPDATE subscriptions SET notification_url = '' WHERE id = ?", id);
    },
    addKey: (row) => {
      const values = [
        row.uri,
        row.role,
        row.mailboxId,
        row.resourceUri,
        row.createdAt,
        row.sealUntil,
      ] as const;
      s.run('INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?)', ...values);
    },
    putAdmin: (name, passwordHash) => {
      const sql =
        'INSERT INTO admins VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash';
      s.run(sql, name, passwordHash);
    },
    putSession: (row) => {
      s.run(
        'INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?)',
        row.tokenHash,
        row.admin,
        row.createdAt,
        row.lastSeenAt,
      );
    },
    touchSession: (hash, now) => {
      s.run('UPDATE sessions SET last_seen_at = ? WHERE token_hash = ?', now, hash);
    },
    deleteSession: (hash) => {
      s.run('DELETE FROM sessions WHERE token_hash = ?', hash);
    },
    deleteSessionsOf: (admin) => {
      s.run('DELETE FROM sessions WHERE admin = ?', admin);
    },
  };
}
