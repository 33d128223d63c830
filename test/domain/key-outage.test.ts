import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copiesServe, outageAlarm } from '../../src/domain/key-outage.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NOW = Date.UTC(2026, 11, 1);

function outage(sinceMs: number, firstMs: number | null, lastMs: number | null = firstMs) {
  const at = (ms: number | null) => (ms === null ? null : NOW + ms);
  return { since: NOW - sinceMs, reason: 'KMS_TIMEOUT', firstEndAt: at(firstMs), lastEndAt: at(lastMs) };
}

test('an alarm tells when the first copies stop within four hours, another when none serves', () => {
  for (const [what, alarm] of [
    [null, null],
    [outage(HOUR_MS, 4 * HOUR_MS + 1), null],
    [outage(HOUR_MS, 4 * HOUR_MS), 'keys-ending'],
    [outage(HOUR_MS, 0, HOUR_MS), 'keys-ending'],
    [outage(HOUR_MS, 0), 'no-usable-key'],
    [outage(0, null), 'no-usable-key'],
  ] as const)
    assert.equal(outageAlarm(what, NOW), alarm);
});

test('a moment without the KMS is no reason to warn of old copies', () => {
  assert.equal(outageAlarm(outage(2 * MINUTE_MS - 1, 0, HOUR_MS), NOW), null);
  assert.equal(outageAlarm(outage(2 * MINUTE_MS, 0, HOUR_MS), NOW), 'keys-ending');
});

test('copies serve in an outage until the last one ends', () => {
  assert.equal(copiesServe(null, NOW), false);
  assert.equal(copiesServe(outage(0, null), NOW), false);
  assert.equal(copiesServe(outage(0, 0, 1), NOW), true);
  assert.equal(copiesServe(outage(0, 0), NOW), false);
});
