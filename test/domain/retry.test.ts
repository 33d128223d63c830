import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, type AppErrorFacts } from '../../src/domain/app-error.ts';
import { AWAITED_PAUSE_MS } from '../../src/domain/reminder.ts';
import { afterFailure, MAX_ATTEMPTS, pauseMs } from '../../src/domain/retry.ts';

const failed = (facts: Partial<AppErrorFacts>) =>
  new AppError({ code: 'unavailable', reason: 'X', message: 'x', ...facts });

test('a fault of a whole upstream pauses it and costs no attempt', () => {
  const error = failed({ scope: 'upstream', upstream: 'webex' });
  assert.deepEqual(afterFailure(error, MAX_ATTEMPTS, 0.5), { kind: 'pause', upstream: 'webex' });
});

test('what can never work is buried at once', () => {
  for (const code of ['invalid', 'not_found', 'tampered', 'forbidden'] as const) {
    assert.deepEqual(afterFailure(failed({ code }), 1, 0.5), { kind: 'bury' });
  }
});

test('other faults are retried with full jitter, at most 15 minutes apart, 25 times', () => {
  assert.deepEqual(afterFailure(failed({}), 1, 0.5), { kind: 'retry', delayMs: 1_000 });
  assert.deepEqual(afterFailure(failed({}), 20, 0.5), { kind: 'retry', delayMs: 450_000 });
  assert.deepEqual(afterFailure(failed({}), MAX_ATTEMPTS, 0.5), { kind: 'bury' });
});

test('a wait that the upstream asked for is never undercut', () => {
  assert.deepEqual(afterFailure(failed({ retryAfterMs: 60_000 }), 1, 0), { kind: 'retry', delayMs: 60_000 });
  assert.equal(pauseMs(1, 0, 30_000), 30_000);
  assert.ok(pauseMs(50, 0.999, undefined) <= 75_000);
});

test('what is awaited is tried again within seconds for hours, unless the fault is our own', () => {
  const locked = failed({ code: 'throttled', upstream: 'webex' });
  assert.deepEqual(afterFailure(locked, 20, 0.5, true), { kind: 'retry', delayMs: AWAITED_PAUSE_MS });
  assert.equal(afterFailure(locked, 1_000, 0.5, true).kind, 'retry');
  const asked = failed({ code: 'throttled', upstream: 'webex', retryAfterMs: 60_000 });
  assert.deepEqual(afterFailure(asked, 20, 0.5, true), { kind: 'retry', delayMs: 60_000 });
  assert.deepEqual(afterFailure(failed({ code: 'internal' }), MAX_ATTEMPTS, 0.5, true), { kind: 'bury' });
});
