import type { Reader } from '../domain/store-port.ts';
import { number, numberOrNull, type Statements, word } from './statements.ts';

type Reads = 'mailboxStates' | 'subscriptionSummary' | 'keySummary' | 'changeCount';

/** Counts for health and metrics: computed by the database, however many rows there are. */
export function summaryReads(s: Statements): Pick<Reader, Reads> {
  return {
    mailboxStates: () => {
      const rows = s.all('SELECT state, count(*) AS n FROM mailboxes GROUP BY state');
      return Object.fromEntries(rows.map((row) => [word(row, 'state'), number(row, 'n')]));
    },
    subscriptionSummary: (now) => {
      const row = s.one(SUBSCRIPTIONS, now, now) ?? {};
      return {
        live: number(row, 'live'),
        expired: number(row, 'total') - number(row, 'live'),
        earliestExpiryAt: numberOrNull(row, 'earliest'),
      };
    },
    keySummary: (now) => {
      const row = s.one(KEYS, now, now) ?? {};
      return {
        sealing: number(row, 'sealing'),
        retired: number(row, 'total') - number(row, 'sealing'),
        oldestSealingSince: numberOrNull(row, 'oldest'),
      };
    },
    changeCount: () => number(s.one('SELECT total_changes() AS n') ?? {}, 'n'),
  };
}

const SUBSCRIPTIONS = `SELECT count(*) AS total, count(*) FILTER (WHERE expires_at > ?) AS live,
  min(expires_at) FILTER (WHERE expires_at > ?) AS earliest FROM subscriptions`;
const KEYS = `SELECT count(*) AS total, count(*) FILTER (WHERE seal_until > ?) AS sealing,
  min(created_at) FILTER (WHERE seal_until > ? AND role = 'mailbox') AS oldest FROM keys`;
