import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Recurrence, seriesEndsAt } from '../../src/domain/series-end.ts';

const START = Date.UTC(2026, 0, 5, 10);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const series = (more: Partial<Recurrence>): number | null => {
  const weekly: Recurrence = {
    pattern: 'weekly',
    interval: 1,
    range: 'noEnd',
    endDate: '0001-01-01',
    count: 0,
  };
  return seriesEndsAt({ ...weekly, ...more }, START, START + HOUR);
};

test('a series without end has none, and one of an unknown pattern keeps it to itself', () => {
  assert.equal(series({}), null);
  assert.equal(series({ range: 'numbered', pattern: 'lunar', count: 3 }), null);
  assert.equal(series({ range: 'endDate', endDate: 'soon' }), null);
});

test('an end date counts to the end of its day in every zone', () => {
  const end = series({ range: 'endDate', endDate: '2026-02-01' }) ?? 0;
  assert.ok(end >= Date.UTC(2026, 1, 2, 12) + HOUR && end <= Date.UTC(2026, 1, 4));
});

test('a counted series is over only when its last occurrence certainly is', () => {
  const weekly = series({ range: 'numbered', count: 10, interval: 2 }) ?? 0;
  assert.ok(weekly >= START + 9 * 2 * 7 * DAY + HOUR);
  const monthly = series({ range: 'numbered', count: 12, pattern: 'absoluteMonthly' }) ?? 0;
  assert.ok(monthly >= Date.UTC(2026, 11, 5, 11));
});
