import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notificationKey } from '../../../scripts/crash/appliance-database.ts';
import {
  type Effect,
  type JudgedMeeting,
  judgeAcknowledged,
  judgeEffects,
  judgeItems,
  judgeOutcomes,
  judgeWrites,
  type Violation,
  type Write,
} from '../../../scripts/crash/judge.ts';

const meeting = (n: number, more: Partial<JudgedMeeting> = {}): JudgedMeeting => ({
  meeting: n,
  owner: 0,
  guests: [],
  joining: 'keyword',
  startMinute: 0,
  subject: `Meeting ${n}`,
  fate: 'stands',
  eventId: `event-${n}`,
  iCalUId: `uid-${n}`,
  ...more,
});
const write = (n: number, more: Partial<Write> = {}): Write => ({
  at: '2026-12-01T10:00:00.000Z',
  app: 'appliance',
  method: 'PATCH',
  mailbox: 'm',
  eventId: `event-${n}`,
  ...more,
});
const effect = (version: number, kind: Effect['kind'], meetingId = 'a'): Effect => ({
  at: 0,
  userId: 'u',
  meetingId,
  version,
  kind,
});
const HELD = [{ webexId: 'u', eventId: 'event-1', meetingId: 'a' }];
const rules = (violations: readonly Violation[]) => violations.map(({ rule, what }) => `${rule}: ${what}`);

test('one PATCH for each keyword is right, and none for a meeting that went before', () => {
  const meetings = [meeting(1), meeting(2, { joining: 'zoom' }), meeting(3, { fate: 'cancelled' })];
  assert.deepEqual(judgeWrites([write(1), write(2, { app: 'outlook', method: 'POST' })], meetings), []);
});

test('finds a second PATCH, a write without a keyword, a write that is no PATCH and an unanswered keyword', () => {
  assert.deepEqual(rules(judgeWrites([write(1), write(1)], [meeting(1)])), [
    'doubled: 2 writes to one keyword event',
  ]);
  assert.deepEqual(rules(judgeWrites([write(1)], [meeting(1, { joining: 'zoom' })])), [
    'doubled: a write to an event without a keyword',
  ]);
  assert.deepEqual(rules(judgeWrites([write(1, { method: 'DELETE' })], [meeting(1)])), [
    'doubled: a write that is no PATCH',
  ]);
  assert.deepEqual(rules(judgeWrites([], [meeting(1)])), ['lost: a keyword was never answered']);
});

test('finds a write that landed without its outcome, where the meeting still stands', () => {
  const meetings = [meeting(1), meeting(2, { fate: 'deleted' })];
  assert.deepEqual(judgeOutcomes([write(1)], meetings, new Set()), []);
  assert.deepEqual(judgeOutcomes([write(2)], meetings, new Set(['event-1', 'event-2'])), []);
  assert.deepEqual(rules(judgeOutcomes([write(1)], meetings, new Set(['event-1']))), [
    'lost: a write landed and its outcome was never noted',
  ]);
});

test('growing versions of known meetings are right, also when one comes back', () => {
  const effects = [effect(1, 'created'), effect(3, 'updated'), effect(4, 'withdrawn'), effect(5, 'created')];
  assert.deepEqual(judgeEffects(effects, HELD), []);
});

test('finds a version that was accepted twice, an older one after a newer one, and a meeting made twice', () => {
  assert.deepEqual(rules(judgeEffects([effect(1, 'created'), effect(1, 'updated')], HELD)), [
    'doubled: a version was accepted twice',
  ]);
  assert.deepEqual(rules(judgeEffects([effect(2, 'created'), effect(1, 'updated')], HELD)), [
    'doubled: an older version was accepted after a newer one',
  ]);
  assert.deepEqual(rules(judgeEffects([effect(1, 'created'), effect(2, 'created')], HELD)), [
    'doubled: a meeting was made twice',
  ]);
  assert.deepEqual(rules(judgeEffects([effect(1, 'created', 'b')], HELD)), [
    'doubled: a meeting that stands for no event: made twice',
  ]);
});

test('finds two meetings in one list for one event', () => {
  const item = (id: string) => ({ userId: 'u', item: { id, seriesId: 'event-1' } });
  assert.deepEqual(judgeItems([item('a'), { userId: 'u', item: null }]), []);
  assert.deepEqual(rules(judgeItems([item('a'), item('b')])), [
    'doubled: two meetings for one copy of an event',
  ]);
});

test('finds an acknowledged notification that is not held, by each of its members', () => {
  const item = {
    subscriptionId: 's',
    changeType: 'updated',
    resourceData: { id: 'e', '@odata.etag': 'W/"1"' },
  };
  const held = (...parts: string[]) => new Set([notificationKey(...parts)]);
  assert.deepEqual(judgeAcknowledged([{ at: 0, item }], held('s', 'e', 'updated', 'W/"1"')), []);
  for (const other of [
    held('s', 'e', 'updated', 'W/"2"'),
    held('s', 'e', 'created', 'W/"1"'),
    held('t', 'e', 'updated', 'W/"1"'),
  ]) {
    assert.deepEqual(rules(judgeAcknowledged([{ at: 0, item }], other)), [
      'forgotten: a notification was acknowledged and is not in the database',
    ]);
  }
});
