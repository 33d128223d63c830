import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isReminded, type ReminderFacts, reminderStep } from '../../src/domain/reminder.ts';

const MINUTE_MS = 60_000;
const LEAD_MS = 5 * MINUTE_MS;
const START = Date.UTC(2026, 11, 1, 9);
const END = START + 30 * MINUTE_MS;

const planned: ReminderFacts = {
  wanted: true,
  startAt: START,
  endAt: END,
  told: 'nothing',
  toldStartAt: null,
  version: 0,
  sentVersion: 0,
};
const told: ReminderFacts = { ...planned, told: 'reminder', toldStartAt: START, version: 1, sentVersion: 1 };
const at = (reminder: ReminderFacts, minutes: number, ms = 0) =>
  reminderStep(reminder, LEAD_MS, START + minutes * MINUTE_MS + ms).kind;

test('comes to the millisecond at its lead before the start, and is of use until the end', () => {
  assert.equal(at(planned, -5, -1), 'wait');
  assert.equal(at(planned, -5), 'tell');
  assert.equal(at(planned, 30, -1), 'tell');
  assert.equal(at(planned, 30), 'missed');
  assert.equal(reminderStep(planned, 0, START - 1).kind, 'wait');
});

test('what is not wanted is not told, and what was told is taken back', () => {
  const off = { wanted: false } as const;
  assert.equal(at({ ...planned, ...off }, 0), 'rest');
  assert.equal(at({ ...told, ...off }, 0), 'withdraw');
  assert.equal(at({ ...told, ...off }, 31), 'rest', 'it has lapsed');
  assert.equal(at({ ...told, ...off, told: 'withdrawal' }, 0), 'rest');
});

test('a clock that is set back takes nothing away and tells nothing twice', () => {
  // Telling the same content again is no telling: that is seen by its hash.
  assert.equal(at(told, -60), 'tell');
  const onItsWay = { ...told, sentVersion: 0 };
  assert.equal(at(onItsWay, -60), 'wait');
  assert.equal(at(onItsWay, -5), 'tell');
  assert.equal(at(onItsWay, 30), 'missed');
});

test('a meeting that moved is told anew when it is due, and taken back until then', () => {
  const later = { ...told, startAt: START + 60 * MINUTE_MS, endAt: END + 60 * MINUTE_MS };
  assert.deepEqual(reminderStep(later, LEAD_MS, START), { kind: 'withdraw', again: true });
  assert.equal(at({ ...later, told: 'withdrawal', version: 2 }, 54), 'wait');
  assert.equal(at({ ...later, told: 'withdrawal', version: 2 }, 55), 'tell');
  const soon = { ...told, startAt: START + 5 * MINUTE_MS, endAt: END + 5 * MINUTE_MS };
  assert.equal(at(soon, 0), 'tell');
  const past = { ...told, startAt: START - 90 * MINUTE_MS, endAt: END - 90 * MINUTE_MS };
  assert.deepEqual(reminderStep(past, LEAD_MS, START), { kind: 'withdraw', again: false });
});

test('a whole day without a way to join has none', () => {
  const joinTarget = {
    provider: 'webex',
    url: 'https://x.webex.com/meet/a',
    sip: null,
    source: 'body',
  } as const;
  assert.equal(isReminded({ isAllDay: true, joinTarget: null }), false);
  assert.equal(isReminded({ isAllDay: true, joinTarget }), true);
  assert.equal(isReminded({ isAllDay: false, joinTarget: null }), true);
});

test('nothing is ever told before its time or after the end, whatever happened before', () => {
  const instant = fc.integer({ min: 0, max: 200 });
  const facts = fc.record({
    wanted: fc.boolean(),
    startAt: instant,
    endAt: instant,
    told: fc.constantFrom('nothing', 'reminder', 'withdrawal'),
    toldStartAt: fc.option(instant),
    version: fc.constantFrom(1, 2),
    sentVersion: fc.constantFrom(0, 1, 2),
  });
  fc.assert(
    fc.property(facts, instant, instant, (reminder, lead, now) => {
      const { kind } = reminderStep(reminder, lead, now);
      if (kind !== 'tell') return;
      assert.ok(reminder.wanted && now < reminder.endAt);
      const isHeld = reminder.toldStartAt === reminder.startAt && reminder.sentVersion >= reminder.version;
      assert.ok(reminder.startAt - lead <= now || (reminder.told === 'reminder' && isHeld));
    }),
  );
});
