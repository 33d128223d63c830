import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deltaWaitMs } from '../../src/domain/delta-interval.ts';
import { troubleOf, troubleWaitMs } from '../../src/domain/mailbox-trouble.ts';

const MINUTE = 60_000;

test('a troubled mailbox is tried after 1, 2, 5 and then every 15 minutes, never sooner than asked', () => {
  const waits = [1, 2, 3, 4, 9].map((failures) => troubleWaitMs(failures, undefined) / MINUTE);
  assert.deepEqual(waits, [1, 2, 5, 15, 15]);
  assert.equal(troubleWaitMs(1, 7 * MINUTE), 7 * MINUTE);
});

test('what ends by itself pauses, what a policy forbids is out of scope, the rest is an error with somebody to act', () => {
  assert.deepEqual(troubleOf({ reason: 'GRAPH_MAILBOX_MOVING' }), { state: 'paused', actor: 'nobody' });
  assert.equal(troubleOf({ reason: 'GRAPH_MAILBOX_DENIED' }).state, 'out-of-scope');
  assert.deepEqual(troubleOf({ reason: 'GRAPH_MAILBOX_FULL' }), { state: 'error', actor: 'mailbox owner' });
  assert.equal(troubleOf({ reason: 'SOMETHING_NEW' }).state, 'error');
});

test('a calendar is asked often while something happens there', () => {
  const pace = { fastMs: MINUTE, slowMs: 5 * MINUTE };
  const now = 100 * 24 * 60 * MINUTE;
  const wait = (changedAt: number, nextStartAt: number | null) =>
    deltaWaitMs(pace, { now, changedAt, nextStartAt }, 0.5);
  assert.equal(wait(0, null), 5 * MINUTE);
  assert.equal(wait(now - 9 * MINUTE, null), MINUTE);
  assert.equal(wait(now - 11 * MINUTE, null), 5 * MINUTE);
  assert.equal(wait(0, now + 14 * MINUTE), MINUTE);
  assert.equal(wait(0, now + 16 * MINUTE), 5 * MINUTE);
  assert.equal(deltaWaitMs(pace, { now, changedAt: 0, nextStartAt: null }, 0), 4.5 * MINUTE);
});
