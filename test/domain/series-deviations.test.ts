import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carrying, type ExceptionTimes, type SeriesDeviations } from '../../src/domain/series-deviations.ts';
import { NOW } from './calendar-events.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOTHING: SeriesDeviations = { cancelled: [], exceptions: [] };

/** Daily from today on, at the time of day of `startAt`. */
function series(startAt = NOW + HOUR, zone = 'W. Europe Standard Time', isAllDay = false) {
  const pattern = { type: 'daily', interval: 1, month: 0, dayOfMonth: 0, daysOfWeek: [] } as const;
  const rest = { firstDayOfWeek: 'monday', index: 'first' } as const;
  const range = { type: 'noEnd', endDate: '', numberOfOccurrences: 0, zone } as const;
  const recurrence = { pattern: { ...pattern, ...rest }, range };
  return { startAt, endAt: startAt + (isAllDay ? DAY : HOUR), isAllDay, recurrence };
}

function exception(originalStartAt: number, byMs = 0, length = HOUR): ExceptionTimes {
  const startAt = originalStartAt + byMs;
  return { eventId: String(originalStartAt), originalStartAt, startAt, endAt: startAt + length };
}

const originals = (given: ReturnType<typeof series>, more: Partial<SeriesDeviations>, now = NOW) =>
  carrying(given, { ...NOTHING, ...more }, null, now).todo.map(({ originalStartAt }) =>
    new Date(originalStartAt).toISOString().slice(0, 16),
  );

test('a cancelled day is found at the series’ own time of day, also on the other side of a clock change', () => {
  const cancelled = ['2026-11-25', '2027-04-01'];
  assert.deepEqual(originals(series(), { cancelled }), ['2026-11-25T10:00', '2027-04-01T09:00']);
  assert.deepEqual(originals(series(NOW, 'Nowhere Standard Time'), { cancelled }), []);
});

test('whole days begin at midnight, wherever the series is at home', () => {
  const days = series(Date.UTC(2026, 10, 24), 'Pacific Standard Time', true);
  assert.deepEqual(originals(days, { cancelled: ['2026-11-25'] }), ['2026-11-25T00:00']);
});

test('what is over and what only has another subject is nothing to tell', () => {
  const given = series();
  const exceptions = [exception(given.startAt + DAY), exception(NOW - DAY, HOUR)];
  assert.deepEqual(carrying(given, { cancelled: ['2026-11-20'], exceptions }, null, NOW), {
    todo: [],
    carried: null,
  });
});

test('what was told is not told again, and a move that was taken back is', () => {
  const given = series();
  const at = given.startAt + DAY;
  const moved = { cancelled: ['2026-11-26'], exceptions: [exception(at, 30 * MINUTE)] };
  const first = carrying(given, moved, null, NOW);
  assert.deepEqual(first.todo, [
    { originalStartAt: given.startAt + 3 * DAY, span: null },
    { originalStartAt: at, span: { startAt: at + 30 * MINUTE, endAt: at + 90 * MINUTE } },
  ]);
  assert.deepEqual(carrying(given, moved, first.carried, NOW).todo, []);
  const back = carrying(given, { ...moved, exceptions: [exception(at)] }, first.carried, NOW);
  assert.deepEqual(back.todo, [{ originalStartAt: at, span: { startAt: at, endAt: at + HOUR } }]);
  const cancelled = ['2026-11-26', '2026-11-24'];
  const gone = carrying(given, { cancelled, exceptions: [] }, back.carried, NOW);
  assert.deepEqual(gone.todo, [{ originalStartAt: at, span: null }]);
});

test('times are brought into the bounds of Webex, and onto whole minutes like those of the series', () => {
  const given = series(NOW + HOUR + 20_000);
  const at = given.startAt + DAY;
  const { todo } = carrying(given, { ...NOTHING, exceptions: [exception(at, HOUR, MINUTE)] }, null, NOW);
  const whole = NOW + DAY + HOUR + MINUTE;
  const span = { startAt: whole + HOUR, endAt: whole + HOUR + 10 * MINUTE };
  assert.deepEqual(todo, [{ originalStartAt: whole, span }]);
});
