import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AuditEntry,
  type AuditFacts,
  COMMAND_LINE,
  canonicalEntry,
  entryHash,
  GENESIS,
  NO_SUBJECT,
} from '../../src/domain/audit.ts';
import { AuditCheck } from '../../src/domain/audit-check.ts';

const FACTS: AuditFacts = {
  at: 1_764_000_000_000,
  ...COMMAND_LINE,
  ...NO_SUBJECT,
  act: 'mailbox.add',
  phase: 'outcome',
  intent: null,
  outcome: 'done',
  reason: null,
  count: 1,
};

function chain(length: number): AuditEntry[] {
  const rows: AuditEntry[] = [];
  for (let seq = 1; seq <= length; seq += 1) {
    const facts = { ...FACTS, at: FACTS.at + seq, mailboxId: seq };
    rows.push({ ...facts, seq, hash: entryHash(seq, facts, rows.at(-1)?.hash ?? GENESIS) });
  }
  return rows;
}

const LOG = chain(6);
const LAST = LOG[5];
assert.ok(LAST !== undefined);
const HEAD = { last: LAST.seq, hash: LAST.hash };

function flawOf(rows: readonly AuditEntry[], head: typeof HEAD | null = HEAD) {
  const check = new AuditCheck(1, GENESIS);
  for (const row of rows) check.add(row);
  return check.flaw(head);
}

test('the canonical form and its hash stay what they are', () => {
  assert.equal(
    canonicalEntry(1, FACTS, GENESIS),
    `["hybrid-calendar audit 1","${GENESIS}",1,1764000000000,"command line","command socket","mailbox.add","outcome",null,"done",null,null,null,null,1]`,
  );
  assert.equal(
    entryHash(1, FACTS, GENESIS),
    '09e2b0bb9295ae1d2bea9cbc41cbba13e7f4cd742e7b292e69877e88791b1778',
  );
});

test('a whole log is found whole', () => {
  assert.equal(flawOf(LOG), null);
});

test('every change of any member of any row is found, at that row', () => {
  const others: Partial<AuditEntry>[] = [
    { at: 5 },
    { who: 'ops' },
    { from: '192.0.2.1' },
    { act: 'mailbox.remove' },
    { phase: 'intent' },
    { intent: 1 },
    { outcome: 'failed' },
    { reason: 'X' },
    { mailboxId: 99 },
    { mailboxHash: 'ff' },
    { about: 'ops' },
    { count: 2 },
    { hash: GENESIS },
  ];
  for (const [at, row] of LOG.entries())
    for (const other of others) {
      const changed = LOG.toSpliced(at, 1, { ...row, ...other });
      assert.deepEqual(flawOf(changed, null), { kind: 'changed', seq: row.seq }, JSON.stringify(other));
    }
});

test('a row that is missing, doubled or out of order is found', () => {
  assert.deepEqual(flawOf(LOG.toSpliced(2, 1)), { kind: 'gap', seq: 3 });
  assert.deepEqual(flawOf(LOG.slice(1)), { kind: 'gap', seq: 1 });
  const [first, second, third, ...rest] = LOG;
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  assert.deepEqual(flawOf([first, third, second, ...rest]), { kind: 'gap', seq: 2 });
  assert.deepEqual(flawOf([first, first, second, third, ...rest]), { kind: 'gap', seq: 2 });
  const renumbered = LOG.slice(1).map((row, at) => ({ ...row, seq: at + 1 }));
  assert.deepEqual(flawOf(renumbered), { kind: 'changed', seq: 1 });
});

test('a cut at the end is found by the head, and by nothing else', () => {
  assert.deepEqual(flawOf(LOG.slice(0, 4)), { kind: 'cut-at-end', seq: 5 });
  assert.equal(flawOf(LOG.slice(0, 4), null), null);
});

test('a log that was written anew from some row on is found by the head', () => {
  const facts = { ...FACTS, at: 1 };
  const forged = LOG.slice(0, 5);
  forged.push({ ...facts, seq: 6, hash: entryHash(6, facts, forged[4]?.hash ?? '') });
  assert.deepEqual(flawOf(forged), { kind: 'changed', seq: 6 });
  assert.equal(flawOf(forged, null), null);
});
