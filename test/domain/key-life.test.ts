import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import {
  afterSeals,
  endedLife,
  FOR_EVER,
  keyEndOf,
  MOST_SEALS,
  newKeyLife,
} from '../../src/domain/key-life.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 11, 1);

test('a key is renewed ahead of its end, at a moment of its own in the ninth tenth of its life', () => {
  const life = (unit: number) => newKeyLife(NOW, [NOW + 30 * DAY_MS, NOW + 90 * DAY_MS], unit);
  assert.deepEqual(life(0), { seals: 0, sealUntil: NOW + 30 * DAY_MS, renewAt: NOW + 24 * DAY_MS });
  assert.equal(life(0.999_999).renewAt, NOW + 27 * DAY_MS - 260);
});

test('what the KMS ends earlier ends earlier, and what nobody ends is never renewed', () => {
  assert.equal(newKeyLife(NOW, [NOW + 30 * DAY_MS, NOW + DAY_MS], 0.5).sealUntil, NOW + DAY_MS);
  assert.equal(newKeyLife(NOW, [NOW - 1], 0.5).renewAt, NOW);
  assert.deepEqual(newKeyLife(NOW, [], 0.5), { seals: 0, sealUntil: FOR_EVER, renewAt: FOR_EVER });
});

test('a key that has sealed much is renewed at once, and one that has sealed too much seals no more', () => {
  const life = newKeyLife(NOW, [NOW + 30 * DAY_MS], 0);
  assert.deepEqual(afterSeals(life, 20, NOW), { ...life, seals: 20 });
  const much = afterSeals({ ...life, seals: 0.75 * MOST_SEALS - 1 }, 1, NOW);
  assert.deepEqual([much.renewAt, much.sealUntil], [NOW, life.sealUntil]);
  const tooMuch = afterSeals({ ...life, seals: MOST_SEALS - 1 }, 1, NOW);
  assert.deepEqual([tooMuch.renewAt, tooMuch.sealUntil], [NOW, NOW]);
});

test('a key with a successor is not renewed for what it sealed', () => {
  const ended = endedLife({ seals: MOST_SEALS, sealUntil: NOW + 1, renewAt: NOW + 1 }, NOW);
  assert.deepEqual(ended, { seals: MOST_SEALS, sealUntil: NOW, renewAt: null });
  assert.equal(afterSeals(ended, 1, NOW).renewAt, null);
});

test('the most that one key seals, with every delivery repeated 25 times, stays below 2^32 (NIST SP 800-38D, 8.3)', () => {
  assert.ok(25 * MOST_SEALS < 2 ** 29);
});

test('only what the KMS says of one key ends it', () => {
  const of = (reason: string) => keyEndOf(new AppError({ code: 'forbidden', reason, message: '' }));
  assert.deepEqual(
    [
      'KMS_KEY_EXPIRED',
      'KMS_KEY_GONE',
      'KMS_KEY_REFUSED',
      'KMS_KEY_REVOKED',
      'KMS_REFUSED',
      'KMS_TIMEOUT',
    ].map(of),
    ['expired', 'lost', 'lost', 'revoked', null, null],
  );
  assert.equal(keyEndOf(new Error('KMS_KEY_GONE')), null);
});
