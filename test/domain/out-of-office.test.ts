import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outOfOffice } from '../../src/domain/out-of-office.ts';

const NOW = Date.UTC(2026, 11, 1, 12);
const HOUR = 3_600_000;
const scheduled = (from: number, to: number) =>
  ({ status: 'scheduled', startAt: NOW + from * HOUR, endAt: NOW + to * HOUR }) as const;

test('replies that are always on mean away without an end', () => {
  const always = { status: 'alwaysEnabled', startAt: null, endAt: null } as const;
  assert.deepEqual(outOfOffice(always, NOW), { away: true, until: null, nextEdgeAt: null });
});

test('stale times beside disabled replies count nothing', () => {
  const disabled = { ...scheduled(-1, 1), status: 'disabled' } as const;
  assert.deepEqual(outOfOffice(disabled, NOW), { away: false, until: null, nextEdgeAt: null });
});

test('a schedule tells its next edge, and is over at its end although the status stays', () => {
  assert.deepEqual(outOfOffice(scheduled(1, 2), NOW), { away: false, until: null, nextEdgeAt: NOW + HOUR });
  const during = { away: true, until: NOW + HOUR, nextEdgeAt: NOW + HOUR };
  assert.deepEqual(outOfOffice(scheduled(0, 1), NOW), during);
  assert.deepEqual(outOfOffice(scheduled(-1, 1), NOW), during);
  assert.deepEqual(outOfOffice(scheduled(-1, 0), NOW), { away: false, until: null, nextEdgeAt: null });
});
