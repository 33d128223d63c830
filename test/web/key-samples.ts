import type { KeyReport } from '../../src/domain/key-report.ts';
import { NOW } from './status-samples.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The keys of a small installation, one of which is being renewed. */
export const KEYS: KeyReport = {
  now: NOW,
  mailboxes: {
    sealing: 11,
    retired: 4,
    oldestSealingSince: NOW - 12 * DAY_MS,
    nextRenewalAt: NOW + 13 * DAY_MS,
    mostSeals: 51_234,
  },
  directory: { since: NOW - 40 * DAY_MS, nextRenewalAt: null, addresses: 11, underOlderKey: 0 },
  rotation: { askedAt: NOW - 60_000, left: 7 },
  outage: null,
};

/** The same without the KMS. */
export const KEYS_AWAY: KeyReport = {
  ...KEYS,
  directory: { since: NOW - DAY_MS, nextRenewalAt: NOW + 70 * DAY_MS, addresses: 11, underOlderKey: 3 },
  rotation: null,
  outage: {
    since: NOW - 431_000,
    reason: 'KMS_UNREACHABLE',
    firstEndAt: NOW + 20 * HOUR_MS,
    lastEndAt: NOW + 23 * HOUR_MS,
  },
};

/** Nothing yet, and nobody there who makes keys. */
export const NO_KEYS: KeyReport = {
  now: NOW,
  mailboxes: { sealing: 0, retired: 0, oldestSealingSince: null, nextRenewalAt: null, mostSeals: 0 },
  directory: null,
  rotation: null,
  outage: { since: NOW - 431_000, reason: 'KMS_TIMEOUT', firstEndAt: null, lastEndAt: null },
};
