import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type CalendarEvent,
  expectedList,
  judgeCalendar,
  judgeList,
  type Sight,
} from '../../../scripts/crash/meetings-list.ts';

const event = (more: Partial<CalendarEvent> = {}): CalendarEvent => ({
  id: 'event',
  iCalUId: 'uid',
  subject: 'Budget',
  start: { dateTime: '2026-12-01T10:00:00.0000000' },
  isCancelled: false,
  isOrganizer: true,
  responseStatus: { response: 'organizer' },
  ...more,
});
const SIGHT: Sight = { subject: 'Budget', start: '2026-12-01T10:00:00.000Z', joinUrl: 'https://zoom.us/j/1' };
const list = (calendar: readonly CalendarEvent[]) => expectedList(calendar, () => 'https://zoom.us/j/1');

test('expects everything that is neither cancelled nor declined', () => {
  const declined = event({ responseStatus: { response: 'declined' } });
  assert.deepEqual(list([event(), event({ isCancelled: true }), declined]), [SIGHT]);
});

test('a list in another order is the same list', () => {
  const other = { ...SIGHT, subject: 'Other' };
  assert.deepEqual(judgeList('a@b', [SIGHT, other], [other, SIGHT]), []);
});

test('finds what is missing, too much, twice or different', () => {
  const found = (expected: Sight[], shown: Sight[]) => {
    const [violation] = judgeList('a@b', expected, shown);
    return violation?.facts;
  };
  const facts = (missing: Sight[], surplus: Sight[]) => ({ mailbox: 'a@b', missing, surplus });
  assert.deepEqual(found([SIGHT], []), facts([SIGHT], []));
  assert.deepEqual(found([], [SIGHT]), facts([], [SIGHT]));
  assert.deepEqual(found([SIGHT], [SIGHT, SIGHT]), facts([], [SIGHT]));
  for (const different of [
    { ...SIGHT, subject: 'Old' },
    { ...SIGHT, start: '2026-12-01T11:00:00.000Z' },
    { ...SIGHT, joinUrl: null },
  ]) {
    assert.deepEqual(found([SIGHT], [different]), facts([SIGHT], [different]));
  }
});

test('finds a change that the calendar itself lost', () => {
  const meeting = {
    meeting: 0,
    owner: 0,
    guests: [],
    joining: 'zoom',
    startMinute: 0,
    subject: 'Budget',
    eventId: 'event',
  } as const;
  const startOf = () => SIGHT.start;
  const judge = (calendar: CalendarEvent[], fate: 'stands' | 'cancelled') =>
    judgeCalendar(calendar, [{ ...meeting, fate }], startOf).length;
  assert.equal(judge([event()], 'stands'), 0);
  assert.equal(judge([], 'cancelled'), 0);
  assert.equal(judge([], 'stands'), 1);
  assert.equal(judge([event()], 'cancelled'), 1);
  assert.equal(judge([event({ subject: 'Old' })], 'stands'), 1);
  assert.equal(judge([event({ start: { dateTime: '2026-12-01T09:00:00' } })], 'stands'), 1);
});
