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
      const row = s.one(KEYS, now) ?? {};
      return {
        sealing: number(row, 'sealing'),
        retired: number(row, 'total') - number(row, 'sealing'),
        oldestSealingSince: numberOrNull(row, 'oldest'),
        nextRenewalAt: numberOrNull(row, 'next'),
        mostSeals: numberOrNull(row, 'most') ?? 0,
      };
    },
    changeCount: () => number(s.one('SELECT total_changes() AS n') ?? {}, 'n'),
  };
}

const SUBSCRIPTIONS = `SELECT count(*) AS total, count(*) FILTER (WHERE expires_at > ?) AS live,
  min(expires_at) FILTER (WHERE expires_at > ?) AS earliest FROM subscriptions`;
const KEYS = `SELECT count(*) AS total, count(*) FILTER (WHERE seals_now) AS sealing,
  min(created_at) FILTER (WHERE seals_now) AS oldest, min(renew_at) FILTER (WHERE seals_now) AS next,
  max(seals) FILTER (WHERE seals_now) AS most
  FROM (SELECT *, renew_at IS NOT NULL AND seal_until > ? AS seals_now FROM keys WHERE role = 'mailbox')`;
