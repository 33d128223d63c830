import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../../scripts/crash/seeded-random.ts';
import { planDay } from '../../../scripts/day/plan.ts';
import { judgePresence } from '../../../scripts/day/presence-judge.ts';
import { type Arrival, judgeReminders, type Stay } from '../../../scripts/day/reminder-judge.ts';

const MINUTE_MS = 60_000;
const START = Date.UTC(2026, 11, 1, 9);
const BOUNDS = {
  leadMs: 5 * MINUTE_MS,
  onTimeMs: 2 * MINUTE_MS,
  recoveryMs: 5 * MINUTE_MS,
  changeMs: 10 * MINUTE_MS,
  judgedUntil: START + 600 * MINUTE_MS,
};

const stay = (more: Partial<Stay> = {}): Stay => ({
  account: 'ann',
  meeting: 1,
  startAt: START,
  endAt: START + 30 * MINUTE_MS,
  from: 0,
  until: Number.POSITIVE_INFINITY,
  ...more,
});
const arrival = (minute: number, more: Partial<Arrival> = {}): Arrival => ({
  at: START + minute * MINUTE_MS,
  userId: 'ann',
  kind: 'created',
  start: new Date(START).toISOString(),
  meetingId: 'm',
  ...more,
});
const rules = (stays: Stay[], arrivals: Arrival[], absences: { from: number; until: number }[] = []) =>
  judgeReminders(stays, arrivals, absences, BOUNDS).map(({ what }) => what.replace(/\d+ ms/, 'some'));

test('a reminder that comes on time is right, and no other', () => {
  assert.deepEqual(rules([stay()], [arrival(-4)]), []);
  assert.deepEqual(rules([stay()], []), ['a reminder never came']);
  assert.deepEqual(rules([stay()], [arrival(-2)]), ['a reminder came some too late']);
  assert.deepEqual(rules([stay()], [arrival(-6)]), ['a reminder came before its time']);
  assert.deepEqual(rules([stay()], [arrival(-4), arrival(-3)]), ['a reminder came twice']);
  assert.deepEqual(rules([], [arrival(-4)]), ['a reminder of what was never in the calendar']);
});

test('taken away and shown again is not twice', () => {
  const gone = arrival(-3, { kind: 'withdrawn', start: null });
  assert.deepEqual(rules([stay()], [arrival(-4), gone, arrival(-2)]), []);
});

test('after an outage it may come a little later, and not at all when the meeting was over', () => {
  const away = (until: number) => [{ from: START - 20 * MINUTE_MS, until: START + until * MINUTE_MS }];
  assert.deepEqual(rules([stay()], [arrival(9)], away(5)), []);
  assert.deepEqual(rules([stay()], [arrival(11)], away(5)), ['a reminder came some too late']);
  assert.deepEqual(rules([stay()], [], away(5)), ['a reminder never came']);
  assert.deepEqual(rules([stay()], [], away(40)), []);
});

test('what was changed shortly before has the time of a change, and what went before its time needs none', () => {
  const booked = { from: START - 3 * MINUTE_MS };
  assert.deepEqual(rules([stay(booked)], [arrival(6)]), []);
  assert.deepEqual(rules([stay(booked)], [arrival(8)]), ['a reminder came some too late']);
  assert.deepEqual(rules([stay({ until: START - 6 * MINUTE_MS })], []), []);
  const startAt = BOUNDS.judgedUntil + 4 * MINUTE_MS;
  const late = stay({ startAt, endAt: startAt + MINUTE_MS });
  assert.deepEqual(rules([late], []), []);
});

test('out of office has to begin on time, with its end', () => {
  const asked = [{ account: 'ann', from: START, to: START + 60 * MINUTE_MS }];
  const bounds = { edgeMs: MINUTE_MS, recoveryMs: 5 * MINUTE_MS, judgedUntil: BOUNDS.judgedUntil };
  const told = (seconds: number, end = 60) => [
    {
      userId: 'ann',
      eventType: 'ooo' as const,
      since: START + seconds * 1000,
      expiresTime: new Date(START + end * MINUTE_MS).toISOString(),
    },
  ];
  const judged = (...given: Parameters<typeof told>) =>
    judgePresence(asked, told(...given), [], bounds).map(({ rule }) => rule);
  assert.deepEqual(judged(30), []);
  assert.deepEqual(judged(61), ['lost']);
  assert.deepEqual(judged(-1), ['lost']);
  assert.deepEqual(judged(30, 61), ['broken']);
  const away = [{ from: START - 1, until: START + 3 * MINUTE_MS }];
  assert.deepEqual(judgePresence(asked, told(400), away, bounds), []);
  const throughout = [{ from: START - 1, until: START + 70 * MINUTE_MS }];
  assert.deepEqual(judgePresence(asked, [], throughout, bounds), []);
});

test('a day is decided by its seed; no two meetings begin in one second, and nothing happens before it is there', () => {
  const plan = (seed: number) =>
    planDay(new SeededRandom(seed), { meetings: 300, minutes: 600 }, { people: 50, rooms: 10 });
  const day = plan(1);
  assert.deepEqual(day, plan(1));
  assert.notDeepEqual(day, plan(2));
  const starts = day.flatMap((one) => ('startSecond' in one ? [one.startSecond] : []));
  assert.equal(new Set(starts).size, starts.length);
  const known = new Set<number>();
  for (const one of day) {
    if (one.kind === 'book') known.add(one.meeting);
    else if ('meeting' in one) assert.ok(known.has(one.meeting));
  }
  const count = (kind: string) => day.filter((one) => one.kind === kind).length;
  assert.deepEqual([count('book'), count('restart'), count('outage'), count('away')], [300, 3, 1, 10]);
  const books = day.filter((one) => one.kind === 'book');
  assert.deepEqual(new Set(books.map(({ joining }) => joining)), new Set(['personal-room', 'space', 'zoom']));
  for (const some of [books.filter(({ isPrivate }) => isPrivate), books.filter(({ hasFile }) => hasFile)])
    assert.ok(some.length > 0 && some.length < 100);
  assert.deepEqual(new Set(books.map(({ days }) => days)), new Set([1, 3]));
  assert.ok(day.every(({ minute }, n) => minute >= (day[n - 1]?.minute ?? -1)));
});
