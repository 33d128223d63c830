import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportText } from '../../scripts/crash/crash-report.ts';
import { crashRun } from '../../scripts/crash/crash-run.ts';

const KILLS = 8;
const CHANGES = 80;
const SEED = 1;

// `npm run crash` does the same for longer.
test(`${KILLS} kills of appliance and cloud during ${CHANGES} changes keep every promise`, async (t) => {
  const report = await crashRun({ kills: KILLS, changes: CHANGES, seed: SEED });
  const text = reportText(report);
  t.diagnostic(text);
  assert.equal(report.violations.length, 0, text);
  assert.equal(report.kills.length, KILLS);
  assert.equal(report.verdict?.lists, 11);
  assert.ok(report.verdict.listed > 0 && report.verdict.writes > 0 && report.verdict.acknowledged > 0);
});
