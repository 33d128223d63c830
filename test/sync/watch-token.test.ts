import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { realClock } from '../../src/ops/clock.ts';
import { systemRandom } from '../../src/ops/random.ts';
import { openStore } from '../../src/store/open.ts';
import { watchToken } from '../../src/sync/watch-token.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 1);

test('the alarm about the token stands once, moves on with each step and goes with a new token', (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'token-'));
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
  const watch = (endsAt: number | null, now: number) => {
    const closing = watchToken({ store, events, webexTokenEndsAt: () => endsAt }, now);
    store.write(closing.write);
    closing.told();
  };
  watch(null, NOW);
  watch(NOW + 90 * DAY, NOW);
  watch(NOW + 90 * DAY, NOW + 40 * DAY);
  watch(NOW + 90 * DAY, NOW + 41 * DAY);
  watch(NOW + 90 * DAY, NOW + 89 * DAY);
  assert.deepEqual(
    store.read((r) => r.alarms()),
    [{ id: 'token-expiring', subject: '', since: NOW + 89 * DAY, reason: 'TOKEN_ENDS_IN_1_DAY' }],
  );
  watch(NOW + 179 * DAY, NOW + 89 * DAY);
  assert.deepEqual(told, [
    'raised TOKEN_ENDS_IN_60_DAYS',
    'raised TOKEN_ENDS_IN_1_DAY',
    'cleared TOKEN_ENDS_IN_1_DAY',
  ]);
});
