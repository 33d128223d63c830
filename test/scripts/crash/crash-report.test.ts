import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figures, reportText } from '../../../scripts/crash/crash-report.ts';
import type { CrashReport } from '../../../scripts/crash/crash-run.ts';
import type { Kill } from '../../../scripts/crash/killer.ts';

const kill = (sinceStartMs: number | null): Kill => ({
  target: sinceStartMs === null ? 'cloud' : 'appliance',
  again: false,
  jobsUnderWay: 3,
  firstLease: sinceStartMs === null ? null : { sinceStartMs, unhinderedMs: sinceStartMs - 100 },
  acknowledged: 5,
  violations: [],
});
const KEPT: CrashReport = {
  seed: 7,
  seconds: 61.26,
  changes: [{ kind: 'cancel', meeting: 0 }],
  kills: [kill(900), kill(null), kill(1_200)],
  verdict: {
    lists: 11,
    listed: 20,
    writes: 4,
    deliveries: 30,
    acknowledged: 50,
    settledSeconds: 2.5,
    violations: [],
  },
  violations: [],
  evidence: null,
};
const BROKEN: CrashReport = {
  ...KEPT,
  violations: [{ rule: 'doubled', what: 'a version was accepted twice', facts: { meetingId: 'm-1' } }],
  evidence: { lines: ['a last line'], directory: '/somewhere' },
};

test('says that the promises were kept, with the figures', () => {
  const text = reportText(KEPT);
  assert.match(text, /^kept: the promises over 3 kills, seed 7\n/);
  assert.match(text, /doubled +0 in 4 writes to calendars and 30 deliveries/);
  assert.match(text, /first job after 1200 ms \(median\), 1200 ms at worst/);
  assert.doesNotMatch(text, /last lines/);
  const f = figures(KEPT);
  assert.deepEqual([f.ok, f.seconds, f.kills], [true, 61.3, { appliance: 2, cloud: 1 }]);
});

test('says what was broken, with its ids, the last lines and where the files are', () => {
  const text = reportText(BROKEN);
  assert.match(text, /^BROKEN/);
  assert.match(text, /doubled +1 in 4 writes/);
  for (const part of ['a version was accepted twice', 'm-1', 'a last line', '/somewhere'])
    assert.ok(text.includes(part), part);
  assert.deepEqual([figures(BROKEN).ok, figures(BROKEN).broken], [false, { doubled: 1 }]);
});

test('shows the first twenty violations and counts the others', () => {
  const many = Array.from(
    { length: 25 },
    (_, n) => ({ rule: 'lost', what: `number ${n}`, facts: {} }) as const,
  );
  const text = reportText({ ...BROKEN, violations: many });
  assert.match(text, /lost: number 19\n/);
  assert.doesNotMatch(text, /number 20/);
  assert.match(text, /and 5 more: --json shows them all/);
  assert.equal(figures({ ...BROKEN, violations: many }).violations.length, 25);
});

test('has something to say about a run that broke off before any kill', () => {
  const text = reportText({ ...BROKEN, kills: [], verdict: null });
  assert.match(text, /late +0 of the starts: there were none/);
  assert.doesNotMatch(text, /undefined|null|NaN/);
});
