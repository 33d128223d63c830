import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { realClock } from '../../src/ops/clock.ts';
import { systemRandom } from '../../src/ops/random.ts';
import { openStore } from '../../src/store/open.ts';
import { credentialWarning, watchCredential } from '../../src/sync/watch-credential.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 1);

function open(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'credential-'));
  const store = openStore({ dataDir, clock: realClock(), random: systemRandom() });
  t.after(() => {
    store.close();
    rmSync(dataDir, { recursive: true });
  });
  const told: string[] = [];
  const events = {
    alarmRaised: ({ reason }: { reason: string }) => void told.push(`raised ${reason}`),
    alarmCleared: ({ reason }: { reason: string }) => void told.push(`cleared ${reason}`),
  };
  const watch = (credentialEndsAt: number | null, now = NOW) => {
    const closing = watchCredential({ store, events, settings: { credentialEndsAt } }, now);
    store.write(closing.write);
    closing.told();
  };
  return { store, told, watch };
}

test('warns 30, 7 and 1 days before the end of a certificate, and after it', () => {
  const warnings = [31, 30, 8, 7, 2, 1, 0, -5].map((days) => credentialWarning(NOW + days * DAY, NOW));
  assert.deepEqual(warnings, [
    null,
    'CERTIFICATE_ENDS_IN_30_DAYS',
    'CERTIFICATE_ENDS_IN_30_DAYS',
    'CERTIFICATE_ENDS_IN_7_DAYS',
    'CERTIFICATE_ENDS_IN_7_DAYS',
    'CERTIFICATE_ENDS_IN_1_DAY',
    'CERTIFICATE_ENDED',
    'CERTIFICATE_ENDED',
  ]);
});

test('the alarm stands once, moves on with each step and goes with a new certificate', (t) => {
  const { store, told, watch } = open(t);
  const alarms = () => store.read((r) => r.alarms());
  watch(NOW + 31 * DAY);
  assert.deepEqual(alarms(), []);
  watch(NOW + 20 * DAY);
  watch(NOW + 20 * DAY, NOW + DAY);
  assert.deepEqual(alarms(), [
    { id: 'credential-expiring', subject: '', since: NOW, reason: 'CERTIFICATE_ENDS_IN_30_DAYS' },
  ]);
  watch(NOW + 20 * DAY, NOW + 15 * DAY);
  assert.equal(alarms()[0]?.reason, 'CERTIFICATE_ENDS_IN_7_DAYS');
  watch(NOW + 400 * DAY, NOW + 16 * DAY);
  assert.deepEqual(alarms(), []);
  assert.deepEqual(told, [
    'raised CERTIFICATE_ENDS_IN_30_DAYS',
    'raised CERTIFICATE_ENDS_IN_7_DAYS',
    'cleared CERTIFICATE_ENDS_IN_7_DAYS',
  ]);
});

test('going back to a secret takes the alarm with it', (t) => {
  const { store, watch } = open(t);
  watch(NOW + DAY);
  watch(null);
  assert.deepEqual(
    store.read((r) => r.alarms()),
    [],
  );
});
