import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AuditFacts, GENESIS } from '../../src/domain/audit.ts';
import { AuditCheck } from '../../src/domain/audit-check.ts';
import { AUDIT_FACTS } from '../web/audit-sample.ts';
import { opened } from './store-rig.ts';

const facts = (o: Partial<AuditFacts> = {}): AuditFacts => ({ ...AUDIT_FACTS, ...o });
const intent = (mailboxId: number): AuditFacts =>
  facts({ phase: 'intent', outcome: null, mailboxId, mailboxHash: 'ab'.repeat(32) });

test('rows are numbered, read back as they were written and follow from each other', (t) => {
  const store = opened(t);
  const rows = [
    intent(7),
    facts({ intent: 1, mailboxId: 7 }),
    facts({ who: 'ops', from: '192.0.2.1', about: 'ops' }),
  ];
  assert.deepEqual(
    rows.map((row) => store.write((w) => w.addAudit(row))),
    [1, 2, 3],
  );
  const kept = store.read((r) => r.auditFrom(1, 10));
  assert.deepEqual(
    kept.map(({ seq, hash, ...row }) => row),
    rows,
  );
  const check = new AuditCheck(1, GENESIS);
  assert.ok(kept.every((row) => check.add(row)));
  assert.deepEqual([check.seq, check.flaw(null)], [3, null]);
  assert.deepEqual(
    store.read((r) => r.auditLast(2)).map(({ seq }) => seq),
    [3, 2],
  );
});

test('a row is neither changed nor removed nor replaced nor put where it does not follow', (t) => {
  const { database, write } = opened(t);
  write((w) => w.addAudit(facts()));
  write((w) => w.addAudit(facts()));
  const columns = "1, 'x', 'x', 'sign-in', 'outcome', NULL, 'done', NULL, NULL, NULL, NULL, 1, 'x'";
  for (const sql of [
    "UPDATE audit SET who = 'somebody else'",
    'DELETE FROM audit WHERE seq = 2',
    'DELETE FROM audit',
    `INSERT OR REPLACE INTO audit VALUES (2, ${columns})`,
    `INSERT INTO audit VALUES (4, ${columns})`,
    `INSERT INTO audit VALUES (0, ${columns})`,
  ])
    assert.throws(() => database.exec(sql), /only appended to/, sql);
  assert.equal(database.prepare('SELECT count(*) FROM audit').pluck().get(), 2);
});

test('an intent is open until its outcome is there', (t) => {
  const store = opened(t);
  const open = (mailboxId: number) => store.read((r) => r.openIntent('mailbox.remove', mailboxId));
  assert.equal(open(7), null);
  store.write((w) => w.addAudit(intent(7)));
  store.write((w) => w.addAudit(intent(8)));
  assert.deepEqual([open(7), open(8), store.read((r) => r.openIntent('mailbox.forget', 7))], [1, 2, null]);
  store.write((w) => w.addAudit(facts({ intent: 1, mailboxId: 7 })));
  assert.deepEqual([open(7), open(8)], [null, 2]);
  assert.throws(() => store.write((w) => w.addAudit(facts({ intent: 1, mailboxId: 7 }))), /UNIQUE/);
});

test('a row that is rolled back leaves no gap', (t) => {
  const store = opened(t);
  assert.throws(() =>
    store.write((w) => {
      w.addAudit(facts());
      throw new Error('no');
    }),
  );
  assert.equal(
    store.write((w) => w.addAudit(facts())),
    1,
  );
});
