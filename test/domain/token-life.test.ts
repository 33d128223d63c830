import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refreshDueAt, tokenWarning } from '../../src/domain/token-life.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 1);

test('warns 60, 30, 7 and 1 days before the end of a token, and after it', () => {
  const warnings = [61, 60, 31, 30, 8, 7, 2, 1, 0, -5].map((days) => tokenWarning(NOW + days * DAY, NOW));
  assert.deepEqual(warnings, [
    null,
    'TOKEN_ENDS_IN_60_DAYS',
    'TOKEN_ENDS_IN_60_DAYS',
    'TOKEN_ENDS_IN_30_DAYS',
    'TOKEN_ENDS_IN_30_DAYS',
    'TOKEN_ENDS_IN_7_DAYS',
    'TOKEN_ENDS_IN_7_DAYS',
    'TOKEN_ENDS_IN_1_DAY',
    'TOKEN_ENDED',
    'TOKEN_ENDED',
  ]);
});

test('a token is replaced after half of its life, and one that never lived at once', () => {
  assert.equal(refreshDueAt({ issuedAt: NOW, accessEndsAt: NOW + 14 * DAY }), NOW + 7 * DAY);
  assert.equal(refreshDueAt({ issuedAt: NOW, accessEndsAt: NOW - DAY }), NOW);
});
