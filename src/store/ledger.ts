import type { SessionRow, SubscriptionRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import { KeptRows } from './kept-rows.ts';
import { bytes, number, type Row, type Statements, text } from './statements.ts';

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

function session(row: Row): SessionRow {
  return {
    tokenHash: bytes(row, 'token_hash'),
    admin: text(row, 'admin'),
    createdAt: number(row, 'created_at'),
    lastSeenAt: number(row, 'last_seen_at'),
  };
}

const mapped = <T>(row: Row | null, map: (row: Row) => T): T | null => (row === null ? null : map(row));

type Reads = 'setting' | 'subscription' | 'subscriptions' | 'admin' | 'adminCount' | 'session';

/** Every notification asks for its subscription: enough for a large tenant, and not more than some ten megabytes. */
const KEPT_SUBSCRIPTIONS = 30_000;

export function keptSubscriptions(s: Statements): KeptRows<SubscriptionRow> {
  return new KeptRows(s, KEPT_SUBSCRIPTIONS);
}

/** Settings, subscriptions, administrators and their sessions. */
export function ledgerReads(s: Statements, kept: KeptRows<SubscriptionRow>): Pick<Reader, Reads> {
  return {
    setting: (name) =>
      mapped(s.one('SELECT value FROM settings WHERE name = ?', name), (row) => text(row, 'value')),
    subscription: (id) =>
      kept.get(id, () => mapped(s.one('SELECT * FROM subscriptions WHERE id = ?', id), subscription)),
    subscriptions: () =>
      s.all('SELECT * FROM subscriptions ORDER BY mailbox_id, created_at').map(subscription),
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
