import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DayReport } from '../../../scripts/modes/day-run.ts';
import { comparison, reportText } from '../../../scripts/modes/mode-report.ts';

const day = (name: string, list: readonly string[] | null): DayReport => ({
  name,
  seconds: 1,
  verdict:
    list === null
      ? null
      : {
          listed: list.length,
          settledSeconds: 1,
          jumpedMinutes: 0,
          writes: 0,
          struck: { drop: 2 },
          lists: { 'a@b': list },
          violations: [],
        },
  violations: [],
  evidence: null,
});

test('equal lists are no difference', () => {
  const reports = [day('webhook', ['One', 'Two']), day('delta', ['One', 'Two'])];
  assert.deepEqual(comparison(reports), []);
  const text = reportText({ seed: 1, changes: 5, reports, differences: [] });
  assert.match(text, /^kept: a day of 5 changes in each mode, seed 1\n {2}webhook +2 meetings/);
});

test('what is only in one of two lists is named', () => {
  const reports = [day('webhook', ['One', 'Two']), day('delta', ['One', 'Three'])];
  const differences = comparison(reports);
  assert.deepEqual(
    differences.map(({ facts }) => facts),
    [{ address: 'a@b', webhook: ['Two'], delta: ['Three'] }],
  );
  assert.match(reportText({ seed: 1, changes: 5, reports, differences }), /^BROKEN/);
});

test('a list that is there twice is another list', () => {
  assert.equal(comparison([day('webhook', ['One']), day('delta', ['One', 'One'])]).length, 1);
});

test('a day that was not brought to its end has no lists', () => {
  assert.equal(comparison([day('webhook', ['One']), day('delta', null)]).length, 1);
});
