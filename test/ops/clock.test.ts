import assert from 'node:assert/strict';
import { test } from 'node:test';
import { realClock, steeredClock } from '../../src/ops/clock.ts';

const T0 = Date.parse('2030-01-01T00:00:00Z');
const HOUR = 3_600_000;

test('shows the virtual time', () => {
  const clock = steeredClock();
  assert.ok(Math.abs(clock.now() - Date.now()) < 50);
  clock.steer({ realBase: Date.now(), virtualBase: T0, speed: 0 });
  assert.equal(clock.now(), T0);
  clock.steer({ realBase: Date.now() - 1000, virtualBase: T0, speed: 3600 });
  assert.ok(clock.now() >= T0 + HOUR && clock.now() < T0 + 2 * HOUR);
});

test('wakes sleepers when a jump passes their time, and not the others', async () => {
  const clock = steeredClock();
  clock.steer({ realBase: Date.now(), virtualBase: T0, speed: 0 });
  const stop = new AbortController();
  let late = false;
  const sleeper = clock.sleep(HOUR);
  const longer = clock.sleep(2 * HOUR, stop.signal).then(() => {
    late = true;
  });
  clock.steer({ realBase: Date.now(), virtualBase: T0 + HOUR, speed: 0 });
  await sleeper;
  assert.equal(late, false);
  stop.abort();
  await longer;
});

test('wakes sleepers sooner when it runs faster', async () => {
  const clock = steeredClock();
  const sleeper = clock.sleep(HOUR);
  clock.steer({ realBase: Date.now(), virtualBase: clock.now(), speed: 1_000_000 });
  await sleeper;
});

test('does not lengthen a sleep by a jump back', async () => {
  const clock = steeredClock();
  clock.steer({ realBase: Date.now(), virtualBase: T0, speed: 1 });
  const sleeper = clock.sleep(20);
  clock.steer({ realBase: Date.now(), virtualBase: T0 - HOUR, speed: 1 });
  await sleeper;
});

test('ends a sleep at once when it is aborted, before or after', async () => {
  for (const clock of [realClock(), steeredClock()]) {
    await clock.sleep(HOUR, AbortSignal.abort());
    const stop = new AbortController();
    const sleeper = clock.sleep(HOUR, stop.signal);
    stop.abort();
    await sleeper;
  }
});

test('tells the real time and a monotonic one', async () => {
  const clock = realClock();
  const before = clock.monotonicMs();
  await clock.sleep(5);
  assert.ok(clock.monotonicMs() - before >= 4);
  assert.ok(Math.abs(clock.now() - Date.now()) < 50);
});
