import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { type AuditEntry, GENESIS, type SignedAuditHead } from '../../src/domain/audit.ts';
import { signAuditHead } from '../../src/seal/audit-signature.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';
import { AUDIT_SAMPLE, chained } from '../web/audit-sample.ts';
import { openFakeAppliance, start } from './fake-appliance.ts';

const SEED = new Uint8Array(32).fill(9);

before(() => sodiumReady());

/** The head of a stretch of a log. */
function headOf(rows: readonly AuditEntry[], first = 1, seed = SEED): SignedAuditHead {
  const [last] = rows.slice(-1);
  assert.ok(last !== undefined);
  const previous = rows[first - 2]?.hash ?? GENESIS;
  return signAuditHead({ first, previous, last: last.seq, hash: last.hash, at: last.at }, seed);
}

/** An appliance whose log is these rows, and its export. */
async function exported(t: TestContext, rows = AUDIT_SAMPLE) {
  const log = { rows };
  const folder = await openFakeAppliance(t, {
    auditHead: async (first) => headOf(log.rows, first),
    auditRows: (first, limit) => log.rows.slice(first - 1, first - 1 + Math.min(limit, 3)),
  });
  const file = join(folder, 'audit.jsonl');
  const all = await start(folder, ['audit', 'export']);
  writeFileSync(file, all.stdout);
  const verify = (...argv: string[]) => start(folder, ['audit', 'verify', ...argv]);
  return { log, folder, file, all, verify, lines: all.stdout.trimEnd().split('\n') };
}

test('the log is exported as rows with a signed head, and found whole without the appliance', async (t) => {
  const { all, lines, file, verify } = await exported(t);
  const { publicKey } = headOf(AUDIT_SAMPLE);
  assert.deepEqual([all.code, all.stderr], [0, `Rows 1 to 4, signed with ${publicKey}\n`]);
  assert.deepEqual(
    lines.slice(0, -1).map((line) => JSON.parse(line)),
    AUDIT_SAMPLE,
  );
  const verdict = await verify(file, '--key', publicKey);
  assert.deepEqual(
    [verdict.code, verdict.stderr, verdict.stdout],
    [0, '', `4 rows, each as it was written; the head of row 4 is signed with ${publicKey}.\n`],
  );
});

test('a stretch is exported from a row on, and a cut at its start is found', async (t) => {
  const { folder, verify } = await exported(t);
  const later = await start(folder, ['audit', 'export', '--from', '3']);
  const file = join(folder, 'later.jsonl');
  writeFileSync(file, later.stdout);
  assert.match((await verify(file)).stdout, /^2 rows, each as it was written/);
  writeFileSync(file, later.stdout.split('\n').slice(1).join('\n'));
  const cut = await verify(file);
  assert.deepEqual([cut.code, cut.stderr], [74, 'hybrid-calendar: row 3 is missing or out of its place.\n']);
});

test('every change, cut, reorder and foreign signature of a file is found', async (t) => {
  const { lines, file, verify } = await exported(t);
  const [first = '', second = '', third = '', fourth = '', head = ''] = lines;
  const otherKey = JSON.stringify({ head: headOf(AUDIT_SAMPLE, 1, new Uint8Array(32).fill(8)) });
  const stranger = JSON.parse(otherKey).head.publicKey;
  const cases: readonly (readonly [string[], RegExp])[] = [
    [[first, second.replace('done', 'failed'), third, fourth, head], /row 2 is not what was written/],
    [[second, third, fourth, head], /row 1 is missing/],
    [[first, third, fourth, head], /row 2 is missing/],
    [[first, second, third, head], /cut at its end: it held row 4/],
    [[first, second, third, fourth], /does not end with a signed head/],
    [[first, third, second, fourth, head], /row 2 is missing or out of its place/],
    [[first, second, third, fourth, head, head], /added behind the signed head/],
    [[first, 'x', second, third, fourth, head], /line 2 is no row/],
    [
      [first, second, third, fourth, head.replace('"last":4', '"last":3')],
      /signature of the head does not match/,
    ],
    [
      [first, second, third, fourth, head.replace(/"publicKey":"[^"]+"/, `"publicKey":"${stranger}"`)],
      /signature/,
    ],
    [[first, second, third, fourth, otherKey], /signed with another key/],
  ];
  const { publicKey } = headOf(AUDIT_SAMPLE);
  for (const [changed, complaint] of cases) {
    writeFileSync(file, `${changed.join('\n')}\n`);
    const verdict = await verify(file, '--key', publicKey);
    assert.equal(verdict.code, 74, String(complaint));
    assert.match(verdict.stderr, complaint);
  }
});

test('the running log is verified, and against an earlier export also for a cut at its end and for a forged rest', async (t) => {
  const { log, file, verify } = await exported(t);
  assert.match(
    (await verify()).stdout,
    /^4 rows, each as it was written; whether rows are missing at the end/,
  );
  assert.equal((await verify('--head', file)).code, 0);
  log.rows = AUDIT_SAMPLE.slice(0, 3);
  assert.equal((await verify()).code, 0, 'nothing but the head shows it');
  assert.match((await verify('--head', file)).stderr, /cut at its end: it held row 4/);
  log.rows = chained(AUDIT_SAMPLE.map(({ seq, hash, ...facts }) => ({ ...facts, who: 'somebody else' })));
  assert.equal((await verify()).code, 0, 'the forger has made a whole chain');
  assert.match((await verify('--head', file)).stderr, /row 4 is not the one that the head was signed over/);
  log.rows = AUDIT_SAMPLE.toSpliced(1, 1);
  assert.match((await verify()).stderr, /row 2 is missing/);
});

test('what is no file, no row number or no action is refused', async (t) => {
  const { folder, verify } = await exported(t);
  const missing = await verify('nowhere.jsonl');
  assert.deepEqual([missing.code, missing.stderr], [74, "hybrid-calendar: nowhere.jsonl can't be read.\n"]);
  assert.equal((await start(folder, ['audit', 'export', '--from', '0'])).code, 2);
  assert.equal((await start(folder, ['audit', 'forge'])).code, 2);
  assert.equal((await verify('a', '--head', 'b')).code, 2);
});
