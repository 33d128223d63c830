import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Change } from '../../../scripts/bench/calendar-load.ts';
import { outcomeOf } from '../../../scripts/bench/change-latency.ts';
import { contest, repeat } from '../../../scripts/bench/contest.ts';
import { figureTable, rounded } from '../../../scripts/bench/figure-table.ts';
import { hottestFunctions } from '../../../scripts/bench/profile.ts';
import { quantile } from '../../../scripts/bench/quantile.ts';

test('a quantile is a value that was measured', () => {
  const values = [40, 10, 30, 20];
  assert.deepEqual(
    [0, 0.5, 0.99, 1].map((q) => quantile(values, q)),
    [10, 30, 40, 40],
  );
  assert.deepEqual(values, [40, 10, 30, 20]);
  assert.ok(Number.isNaN(quantile([], 0.5)));
});

test('a contest takes turns, throws the first round away and compares within a round', async () => {
  const turns: string[] = [];
  // A machine that becomes ten times slower: no figure of one round may be compared with one of another.
  const speeds = { ours: [1, 20, 200, 2_000], theirs: [1_000, 10, 100, 1_000] };
  const runner = (name: 'ours' | 'theirs') => async () => {
    turns.push(name);
    return speeds[name].shift() ?? Number.NaN;
  };
  const result = await contest(runner('ours'), runner('theirs'), { rounds: 3, roundMs: 1 });
  assert.equal(result.ratio, 2);
  assert.deepEqual(result, { ratio: 2, ours: 200, theirs: 100 });
  assert.equal(turns.join(' '), 'ours theirs ours theirs theirs ours ours theirs');
});

test('a repeated operation is awaited each time', async () => {
  let running = 0;
  let count = 0;
  const operation = async (): Promise<void> => {
    running += 1;
    assert.equal(running, 1);
    await Promise.resolve();
    running -= 1;
    count += 1;
  };
  assert.ok((await repeat(operation)(5)) > 0);
  assert.equal(count % 8, 0);
});

const account = { address: '', name: '', entraId: '', webexUserId: 'user', webexToken: '' };
const change = (eventId: string, start: string): Change => ({ account, eventId, start });
const write = (eventId: string, ms: number, app = 'outlook') => ({
  app,
  eventId,
  at: new Date(ms).toISOString(),
});
const effect = (start: string, at: number) => ({ at, userId: 'user', start });

test('the latency of a change lasts from its own commit to the first delivery that shows it or a later one', () => {
  const changes = [change('a', 'a1'), change('b', 'b1'), change('a', 'a2'), change('a', 'a3')];
  const writes = [
    write('a', 0),
    write('a', 1_000),
    write('a', 1_001, 'appliance'),
    write('b', 1_100),
    write('a', 1_200),
    write('a', 2_000),
  ];
  // a1 was overtaken by a2, which was shown twice; a3 is not shown yet.
  const effects = [effect('b1', 1_150), effect('a2', 1_230), effect('a2', 9_000)];
  const outcome = outcomeOf(changes, writes, effects);
  assert.deepEqual(
    [...outcome.latencies].sort((x, y) => x - y),
    [30, 50, 230],
  );
  assert.equal(outcome.missing, 1);
  assert.equal(outcome.perSecond, 3);
  assert.equal(outcomeOf(changes, writes, [...effects, effect('a3', 2_010)]).missing, 0);
});

test('the table tells which aims were reached', () => {
  const table = figureTable({ 'intake.p99_ms': 49.96, 'seal.rest_ratio_vs_raw': 0.59, 'machine.cores': 2 });
  assert.deepEqual(
    table.split('\n').map((line) => line.replace(/ +/g, ' ')),
    ['intake.p99_ms 50 < 50 ✓', 'seal.rest_ratio_vs_raw 0.59 ≥ 0.6 ✗', 'machine.cores 2'],
  );
  assert.deepEqual([12_345.6, 0.123_45, 7].map(rounded), [12_346, 0.123, 7]);
});

test('a profile is told by function in percent of the busy time, and only of our own processes', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'profile-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const node = (id: number, functionName: string, url: string) => ({
    id,
    callFrame: { functionName, url, lineNumber: 6 },
  });
  const profile = (url: string) => ({
    nodes: [node(1, '(idle)', ''), node(2, 'run', url), node(3, 'seal', 'file:///x/src/seal/jwe.ts')],
    samples: [1, 2, 3, 3],
    timeDeltas: [90_000, 1_000, 2_000, 1_000],
  });
  const put = (name: string, url: string) =>
    writeFileSync(join(directory, name), JSON.stringify(profile(url)));
  put('a.cpuprofile', 'file:///x/src/commands/staging-appliance.ts');
  put('b.cpuprofile', 'file:///x/other.ts');
  const lines = hottestFunctions(directory).split('\n');
  assert.deepEqual(lines, [
    'commands/staging-appliance: busy 4 ms',
    '  75.0 %  seal src/seal/jwe.ts:7',
    '  25.0 %  run src/commands/staging-appliance.ts:7',
    '',
  ]);
});
