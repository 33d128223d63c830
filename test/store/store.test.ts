import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { NewJob } from '../../src/domain/job.ts';
import { realClock } from '../../src/ops/clock.ts';
import { systemRandom } from '../../src/ops/random.ts';
import { openStore } from '../../src/store/open.ts';
import { folder, opened } from './store-rig.ts';

const job = (key: string, change: Partial<NewJob> = {}): NewJob => ({
  kind: 'sync-event',
  key,
  mailboxId: 1,
  eventId: key,
  runAt: 100,
  merge: 'earliest',
  ...change,
});
const KINDS = ['sync-event', 'deliver'] as const;

test('a job is leased once, settled by its own lease only, and waits again after a failure', (t) => {
  const store = opened(t);
  store.write((w) => w.enqueue(job('a'), 0));
  assert.deepEqual(
    store.write((w) => w.lease(KINDS, 10, 99, 1_000)),
    [],
  );
  const [leased] = store.write((w) => w.lease(KINDS, 10, 100, 1_000));
  assert.ok(leased);
  assert.equal(leased.attempt, 1);
  assert.deepEqual(
    store.write((w) => w.lease(KINDS, 10, 100, 1_000)),
    [],
  );
  assert.equal(
    store.write((w) => w.complete({ ...leased, leaseId: 'late' }, 100)),
    false,
  );
  assert.equal(
    store.write((w) => w.retry(leased, 200, 'X')),
    true,
  );
  const [again] = store.write((w) => w.lease(KINDS, 10, 200, 1_000));
  assert.equal(again?.attempt, 2);
  assert.equal(again !== undefined && store.write((w) => w.complete(again, 200)), true);
});

test('a hint absorbs its waiting twin, and waits behind a running one', (t) => {
  const store = opened(t);
  store.write((w) => {
    w.enqueue(job('a'), 0);
    w.enqueue(job('a', { runAt: 50 }), 0);
  });
  const [running] = store.write((w) => w.lease(KINDS, 10, 60, 1_000));
  assert.ok(running, 'the earlier time won');
  store.write((w) => w.enqueue(job('a'), 60));
  assert.deepEqual(
    store.write((w) => w.lease(KINDS, 10, 500, 1_000)),
    [],
    'never two of one key at once',
  );
  store.write((w) => w.retry(running, 400, 'X'));
  const [merged, ...more] = store.write((w) => w.lease(KINDS, 10, 500, 1_000));
  assert.equal(merged?.attempt, 2, 'the failed one was merged into its twin');
  assert.deepEqual(more, []);
});

test('settling moves the due time with every hint, but never past its limit', (t) => {
  const store = opened(t);
  const hint = (now: number) =>
    store.write((w) => w.enqueue(job('a', { runAt: now + 10, merge: 'settle', settleMaxMs: 25 }), now));
  const due = () => store.read((r) => r.nextRunAt(KINDS));
  hint(1_000);
  assert.equal(due(), 1_010);
  hint(1_008);
  assert.equal(due(), 1_018);
  hint(1_017);
  assert.equal(due(), 1_025);
});

test('a start revives what was leased without counting the attempt', (t) => {
  const store = opened(t);
  store.write((w) => w.enqueue(job('a'), 0));
  store.write((w) => w.lease(KINDS, 10, 100, 1_000));
  assert.equal(
    store.write((w) => w.reviveLeased()),
    1,
  );
  assert.equal(store.write((w) => w.lease(KINDS, 10, 100, 1_000))[0]?.attempt, 1);
});

test('a clock that jumped back does not freeze a job', (t) => {
  const store = opened(t);
  store.write((w) => w.enqueue(job('a', { runAt: 30 * 86_400_000 }), 0));
  assert.equal(store.write((w) => w.lease(KINDS, 10, 1_000, 1_000)).length, 1);
});

test('works handed in together commit together, and a failing one fails alone', async (t) => {
  const store = opened(t);
  const good = store.writeTogether((w) => w.setSetting('a', '1'));
  const bad = store.writeTogether((w) => {
    w.setSetting('b', '1');
    throw new Error('no');
  });
  const other = store.writeTogether((w) => w.setSetting('c', '1'));
  await Promise.all([good, other, assert.rejects(bad, /no/)]);
  assert.deepEqual(
    store.read((r) => [r.setting('a'), r.setting('b'), r.setting('c')]),
    ['1', null, '1'],
  );
});

test('a writer does not outlive its transaction', (t) => {
  const store = opened(t);
  const kept = store.write((w) => w);
  assert.throws(() => kept.setSetting('a', '1'), TypeError);
});

test('a full disk is told as such, rolls back, and passes', (t) => {
  const store = opened(t);
  store.database.pragma('max_page_count = 60');
  const fill = () =>
    store.write((w) => {
      for (let n = 0; n < 500; n += 1) w.setSetting(`n${n}`, 'x'.repeat(1_000));
    });
  assert.throws(fill, { reason: 'DISK_FULL' });
  assert.equal(
    store.read((r) => r.setting('n0')),
    null,
  );
  store.database.pragma('max_page_count = 100000');
  fill();
  assert.equal(store.database.pragma('integrity_check', { simple: true }), 'ok');
});

test('files are for their owner only, a second opening starts where the first ended, a newer schema is refused', (t) => {
  const dataDir = folder(t);
  const options = { dataDir, clock: realClock(), random: systemRandom() };
  const first = openStore(options);
  first.write((w) => w.setSetting('a', '1'));
  assert.equal(statSync(join(dataDir, 'hybrid-calendar.db')).mode & 0o777, 0o600);
  first.close();
  const second = openStore(options);
  assert.equal(
    second.read((r) => r.setting('a')),
    '1',
  );
  second.database.pragma('user_version = 99');
  second.close();
  assert.throws(() => openStore(options), { reason: 'NEWER_SCHEMA' });
});

const CHILD = `
  import { openStore } from './src/store/open.ts';
  import { realClock } from './src/ops/clock.ts';
  import { systemRandom } from './src/ops/random.ts';
  try {
    const store = openStore({ dataDir: process.argv[1], clock: realClock(), random: systemRandom() });
    for (let n = 0; ; n += 1) {
      await store.writeTogether((w) => w.setSetting('n' + n, 'x'));
      process.stdout.write(n + '\\n');
    }
  } catch (error) { process.stdout.write(error.reason + '\\n'); }
`;

function child(dataDir: string) {
  return spawn(process.execPath, ['--input-type=module-typescript', '-e', CHILD, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('a second process is refused, and what was acknowledged outlives SIGKILL, as does the right to start again', async (t) => {
  const dataDir = folder(t);
  const writer = child(dataDir);
  t.after(() => writer.kill('SIGKILL'));
  let acknowledged = '';
  await new Promise<void>((resolve) => {
    // Breaking out of an iteration would close the pipe under the writer.
    writer.stdout.on('data', (chunk) => {
      acknowledged += String(chunk);
      if (acknowledged.length > 200) resolve();
    });
  });
  const second = child(dataDir);
  t.after(() => second.kill('SIGKILL'));
  let answer = '';
  for await (const chunk of second.stdout) answer += String(chunk);
  assert.equal(answer, 'ALREADY_RUNNING\n');
  const ended = new Promise((resolve) => writer.once('exit', resolve));
  writer.kill('SIGKILL');
  await ended;
  const store = opened(t, dataDir);
  for (const n of acknowledged.split('\n').slice(0, -1))
    assert.equal(
      store.read((r) => r.setting(`n${n}`)),
      'x',
    );
});
