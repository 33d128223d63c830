import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alarm } from '../../src/domain/alarm.ts';
import { AppError } from '../../src/domain/app-error.ts';
import { type UpstreamChange, Upstreams } from '../../src/sync/upstreams.ts';

const NOW = 1_900_000_000_000;
const FACTS = {
  code: 'unavailable',
  reason: 'WEBEX_UNREACHABLE',
  message: 'Webex is not available.',
  scope: 'upstream',
  upstream: 'webex',
} as const;
const UNREACHABLE = new AppError(FACTS);
const LEFT: Alarm = {
  id: 'webex-unreachable',
  subject: '',
  since: NOW - 60_000,
  reason: 'WEBEX_UNREACHABLE',
};

function open(standing: readonly Alarm[]) {
  const changes: UpstreamChange[] = [];
  const clock = { now: () => NOW, monotonicMs: () => 0, sleep: () => Promise.resolve() };
  const random = { unit: () => 0.5, bytes: (length: number) => new Uint8Array(length), uuid: () => 'u' };
  return { changes, upstreams: new Upstreams(clock, random, standing, (change) => changes.push(change)) };
}

test('lets everything through at first, and says nothing about an answer', () => {
  const { changes, upstreams } = open([]);
  assert.equal(upstreams.admission('deliver'), 'free');
  upstreams.succeeded('webex');
  assert.deepEqual(changes, []);
});

test('raises one alarm for an outage and clears it with the first answer', () => {
  const { changes, upstreams } = open([]);
  upstreams.failed('webex', UNREACHABLE);
  upstreams.failed('webex', UNREACHABLE);
  assert.equal(upstreams.admission('deliver'), 'rest');
  upstreams.succeeded('webex');
  assert.deepEqual(changes, [
    { upstream: 'webex', alarm: 'webex-unreachable', reason: 'WEBEX_UNREACHABLE' },
    { upstream: 'webex', alarm: null, reason: 'WEBEX_UNREACHABLE' },
  ]);
});

test('probes after a restart what an alarm stands for, and clears the alarm with the first answer', () => {
  const { changes, upstreams } = open([LEFT]);
  assert.equal(upstreams.admission('deliver'), 'probe');
  assert.equal(upstreams.admission('sync-event'), 'free');
  upstreams.succeeded('webex');
  assert.deepEqual(changes, [{ upstream: 'webex', alarm: null, reason: 'WEBEX_UNREACHABLE' }]);
  assert.equal(upstreams.admission('deliver'), 'free');
});

test('does not raise an alarm again that stands from before the restart', () => {
  const { changes, upstreams } = open([LEFT]);
  upstreams.failed('webex', UNREACHABLE);
  assert.deepEqual(changes, []);
  assert.equal(upstreams.admission('deliver'), 'rest');
});

test('a longest pause that is bearable is kept, and who can’t wait ends the pause, but never a wait that was asked for', () => {
  const { upstreams } = open([]);
  for (let failures = 0; failures < 10; failures += 1) {
    upstreams.failed('webex', UNREACHABLE, 3_000);
    assert.ok(upstreams.health('webex').pausedUntil - NOW < 4_000);
    upstreams.hasten('remind');
    assert.equal(upstreams.admission('remind'), 'probe');
  }
  upstreams.failed('webex', UNREACHABLE);
  assert.ok(upstreams.health('webex').pausedUntil - NOW > 30_000);
  upstreams.hasten('remind');
  const asked = new AppError({ ...FACTS, retryAfterMs: 20_000 });
  upstreams.failed('webex', asked, 3_000);
  upstreams.hasten('remind');
  assert.equal(upstreams.health('webex').pausedUntil, NOW + 20_000);
  upstreams.succeeded('webex');
  assert.equal(upstreams.admission('remind'), 'free');
});
