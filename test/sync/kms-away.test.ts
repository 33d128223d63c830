import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import type { KeyOutage } from '../../src/domain/key-port.ts';
import { keyReport } from '../../src/sync/key-report.ts';
import { rotateJob } from '../../src/sync/rotate-job.ts';
import { healthFacts } from '../../src/sync/status.ts';
import { watchKms } from '../../src/sync/watch-kms.ts';
import { book } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { tomorrow } from './future-event.ts';
import { NOW, syncRig } from './sync-rig.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const IDENTITY = { version: '1', startedAt: NOW, lab: true };
const AWAY = new AppError({
  code: 'unavailable',
  reason: 'KMS_TIMEOUT',
  message: '',
  scope: 'upstream',
  upstream: 'kms',
  retryAfterMs: HOUR_MS,
});

async function start(t: TestContext) {
  const rig = await ConnectedRig.start(t);
  const person = rig.person(0);
  await rig.watch(person);
  const { upstreams, clock } = rig.deps;
  /** A job has found the KMS away and left it alone for an hour; keys in memory serve so long. */
  const leave = (servesMs: number): void => {
    const now = clock.now();
    rig.kms.away = { since: now, reason: 'KMS_TIMEOUT', firstEndAt: now, lastEndAt: now + servesMs };
    upstreams.failed('kms', AWAY);
  };
  const listed = () => rig.webex.listed(person.address);
  return { rig, person, upstreams, leave, listed };
}

test('while the KMS is left alone, changes are sealed and delivered with the keys in memory', async (t) => {
  const { rig, person, upstreams, leave, listed } = await start(t);
  leave(HOUR_MS);
  await book(rig.cloud, person, tomorrow());
  await rig.until(() => listed() === 1);
  assert.equal(upstreams.health('kms').failures, 1, 'it is still away');
  assert.equal(upstreams.admission('enable-mailbox'), 'rest', 'what needs a new key waits');
});

test('without usable keys hints wait in the queue, and all is delivered when the KMS is back', async (t) => {
  const { rig, person, upstreams, leave, listed } = await start(t);
  leave(0);
  rig.kms.down = AWAY;
  for (let n = 0; n < 3; n += 1) await book(rig.cloud, person, tomorrow());
  await rig.until(() => rig.jobs("kind = 'sync-event' AND ? > 0").length === 3);
  assert.equal(listed(), 0);
  rig.kms.down = null;
  rig.kms.away = null;
  upstreams.succeeded('kms');
  rig.worker.wake();
  await rig.until(() => listed() === 3);
});

/** What the watch makes of an outage. */
async function watched(t: TestContext) {
  const rig = await syncRig(t, {});
  const { deps, told } = rig;
  const watch = async () => {
    const closing = await watchKms(deps);
    deps.store.write((w) => closing.write(w));
    closing.told();
    return deps.store.read((r) => r.alarms()).map(({ id, reason }) => `${id} ${reason}`);
  };
  const outage = (more: Partial<KeyOutage> = {}): KeyOutage => ({
    since: NOW - HOUR_MS,
    reason: 'KMS_TIMEOUT',
    firstEndAt: NOW + 5 * HOUR_MS,
    lastEndAt: NOW + 6 * HOUR_MS,
    ...more,
  });
  return { ...rig, watch, outage, told };
}

test('one alarm tells that keys stop serving within four hours, another that none serves, and both end with the outage', async (t) => {
  const { kms, watch, outage, told } = await watched(t);
  assert.deepEqual(await watch(), []);
  kms.away = outage();
  assert.deepEqual(await watch(), []);
  kms.away = outage({ firstEndAt: NOW + 4 * HOUR_MS });
  assert.deepEqual(await watch(), ['keys-ending KMS_TIMEOUT']);
  kms.away = outage({ firstEndAt: NOW, lastEndAt: NOW });
  assert.deepEqual(await watch(), ['no-usable-key KMS_TIMEOUT']);
  kms.away = null;
  assert.deepEqual(await watch(), []);
  assert.deepEqual(told, ['alarmRaised', 'alarmCleared', 'alarmRaised', 'alarmCleared']);
});

test('a start without the KMS has no usable key, and says so', async (t) => {
  const { kms, watch, outage } = await watched(t);
  kms.away = outage({ firstEndAt: null, lastEndAt: null });
  assert.deepEqual(await watch(), ['no-usable-key KMS_TIMEOUT']);
});

test('an outage that nobody would notice, and its end, is found out by asking once a minute', async (t) => {
  const { deps, kms, watch, outage } = await watched(t);
  kms.lent.length = 0;
  await watch();
  assert.deepEqual(kms.lent, ['kms://d']);
  deps.upstreams.failed('kms', AWAY);
  await watch();
  assert.deepEqual(kms.lent, ['kms://d', 'kms://d'], 'after a start, which knows of it by the alarm alone');
  kms.away = outage();
  await watch();
  assert.equal(kms.lent.length, 3, 'the job that found it out is gone');
  deps.store.write((w) => w.enqueue(rotateJob('directory', NOW + HOUR_MS), NOW));
  await watch();
  assert.equal(kms.lent.length, 3, 'a job that waits for its end asks');
  assert.equal(
    deps.store.read((r) => r.nextRunAt(['watch-kms'])),
    NOW + MINUTE_MS,
  );
});

test('while keys in memory serve, status and report say since when the KMS is away and until when they serve', async (t) => {
  const { deps, kms, outage } = await watched(t);
  const stage = () => healthFacts(deps, IDENTITY).stages.find(({ name }) => name === 'keys');
  assert.equal(stage()?.reason, null);
  kms.away = outage({ firstEndAt: NOW + 90_500, lastEndAt: NOW + 150_000 });
  const { state, reason } = stage() ?? {};
  assert.deepEqual([state, reason], ['failing', 'KMS_TIMEOUT']);
  const told = { ...kms.away, firstEndAt: NOW + MINUTE_MS, lastEndAt: NOW + 2 * MINUTE_MS };
  assert.deepEqual(healthFacts(deps, IDENTITY).keyOutage, told, 'to the minute');
  assert.deepEqual(keyReport(deps).outage, told);
});
