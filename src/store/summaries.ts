import type { Reader } from '../domain/store-port.ts';
import { number, numberOrNull, type Statements, text, word } from './statements.ts';

type Reads = 'mailboxStates' | 'subscriptionSummary' | 'keySummary' | 'changeCount' | 'engineVersion';

/** Counts for health and metrics: computed by the database, however many rows there are. */
export function summaryReads(s: Statements): Pick<Reader, Reads> {
  return {
    mailboxStates: () => {
      const rows = s.all('SELECT state, count(*) AS n FROM mailboxes GROUP BY state');
      return Object.fromEntries(rows.map((row) => [word(row, 'state'), number(row, 'n')]));
    },
    subscriptionSummary: (now) => {
      const row = s.one(SUBSCRIPTIONS, now) ?? {};
      return {
        live: number(row, 'live'),
        expired: number(row, 'total') - number(row, 'live'),
        earliestExpiryAt: numberOrNull(row, 'earliest'),
      };
    },
    keySummary: (now) => {
      const row = s.one(KEYS, now) ?? {};
      return {
        sealing: number(row, 'sealing'),
        retired: number(row, 'total') - number(row, 'sealing'),
        oldestSealingSince: numberOrNull(row, 'oldest'),
      };
    },
    changeCount: () => number(s.one('SELECT total_changes() AS n') ?? {}, 'n'),
    engineVersion: () => text(s.one('SELECT sqlite_version() AS version') ?? {}, 'version'),
  };
}

const SUBSCRIPTIONS = `SELECT count(*) AS total, count(*) FILTER (WHERE expires_at > ?1) AS live,
  min(expires_at) FILTER (WHERE expires_at > ?1) AS earliest FROM subscriptions`;
const KEYS = `SELECT count(*) AS total, count(*) FILTER (WHERE seal_until > ?1) AS sealing,
  min(created_at) FILTER (WHERE seal_until > ?1 AND role = 'mailbox') AS oldest FROM keys`;
