import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { type AuditAct, type AuditEntry, COMMAND_LINE, GENESIS } from '../../src/domain/audit.ts';
import { AuditCheck } from '../../src/domain/audit-check.ts';
import { ended, mailboxSubject } from '../../src/domain/audit-facts.ts';
import { refusalOf } from '../../src/kms/kms-fault.ts';
import { isSignedHead } from '../../src/seal/audit-signature.ts';
import { audited, closeLostIntents, subjectOf } from '../../src/sync/audit.ts';
import { signedHead } from '../../src/sync/audit-head.ts';
import { Refusals } from '../../src/sync/audit-refusals.ts';
import { nextDirectoryKey } from '../../src/sync/directory-key.ts';
import { retryMailbox } from '../../src/sync/mailbox-health.ts';
import { askRemoval, removeMailbox } from '../../src/sync/remove-mailbox.ts';
import type { SyncDeps } from '../../src/sync/sync-deps.ts';
import { tellHead } from '../../src/sync/tell-head.ts';
import { NOW, syncRig } from './sync-rig.ts';

const ADDRESS = 'astrid@nordwind.example';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const AWAY = new AppError({
  code: 'unavailable',
  reason: 'KMS_UNREACHABLE',
  message: 'away',
  scope: 'upstream',
});
const logOf = ({ store }: SyncDeps): AuditEntry[] => store.read((r) => r.auditFrom(1, 1000));
const brief = (deps: SyncDeps): string[] =>
  logOf(deps).map(({ act, phase, intent, outcome, reason }) =>
    [act, phase, intent, outcome, reason].filter((word) => word !== null).join(' '),
  );

test('a removal is begun by a row of the same commit, and ended by one when everything is undone', async (t) => {
  const { deps, mailbox, job, kms } = await syncRig(t, {});
  assert.notEqual(askRemoval(deps, mailbox.id, COMMAND_LINE), null);
  assert.notEqual(askRemoval(deps, mailbox.id, COMMAND_LINE), null, 'a second wish is the same removal');
  assert.deepEqual(brief(deps), ['mailbox.remove intent']);
  await removeMailbox(deps, job);
  assert.deepEqual(brief(deps), ['mailbox.remove intent', 'mailbox.remove outcome 1 done']);
  assert.deepEqual(kms.withdrawn, ['kms://k webex appliance']);
  const { mailboxId, mailboxHash } = mailboxSubject(mailbox);
  for (const row of logOf(deps))
    assert.deepEqual([row.mailboxId, row.mailboxHash], [mailboxId, mailboxHash], 'it outlives the mailbox');
});

test('a retry is a row of its own commit, with who asked', async (t) => {
  const { deps, mailbox } = await syncRig(t, {});
  assert.equal(retryMailbox(deps, mailbox.id, { who: 'ops', from: '192.0.2.1' }), true);
  assert.equal(retryMailbox(deps, 99, COMMAND_LINE), false);
  const [row, ...more] = logOf(deps);
  assert.deepEqual([row?.act, row?.who, row?.from, more.length], ['mailbox.retry', 'ops', '192.0.2.1', 0]);
});

test('a mailbox is named by its number and a keyed hash, never by its address', async (t) => {
  const { deps, mailbox, kms } = await syncRig(t, {});
  assert.deepEqual(await subjectOf(deps, 'ASTRID@nordwind.example'), mailboxSubject(mailbox));
  const stranger = await subjectOf(deps, 'stranger@nordwind.example');
  assert.match(stranger.mailboxHash ?? '', /^[0-9a-f]{64}$/);
  assert.equal(stranger.mailboxId, undefined);
  kms.down = AWAY;
  assert.deepEqual(await subjectOf(deps, ADDRESS), {});
});

test('the intent is committed before the work begins, and what is thrown is an outcome with its reason word', async (t) => {
  const { deps } = await syncRig(t, {});
  const one = { actor: COMMAND_LINE, act: 'mailbox.add' } as const;
  const seen: string[][] = [];
  const work = async (): Promise<void> => {
    seen.push(brief(deps));
    throw new AppError({ code: 'unavailable', reason: 'KMS_UNREACHABLE', message: 'The KMS is away.' });
  };
  await assert.rejects(
    audited(deps, one, work, () => ({ outcome: 'done' })),
    { reason: 'KMS_UNREACHABLE' },
  );
  assert.deepEqual(seen, [['mailbox.add intent']]);
  assert.deepEqual(brief(deps), ['mailbox.add intent', 'mailbox.add outcome 1 failed KMS_UNREACHABLE']);
});

test('what was begun and never ended is closed at the next start, and only what a job goes on with stays open', async (t) => {
  const { deps, mailbox, pass } = await syncRig(t, {});
  const subject = mailboxSubject(mailbox);
  const never = (act: AuditAct) => {
    const work = () => new Promise<void>(() => undefined);
    void audited(deps, { actor: COMMAND_LINE, act, subject }, work, () => ({ outcome: 'done' }));
  };
  never('mailbox.add');
  askRemoval(deps, mailbox.id, COMMAND_LINE, 'mailbox.forget');
  retryMailbox(deps, mailbox.id, COMMAND_LINE);
  never('mailbox.export');
  pass(HOUR_MS);
  closeLostIntents(deps);
  assert.deepEqual(brief(deps).slice(4), [
    'mailbox.add outcome 1 PROCESS_ENDED',
    'mailbox.export outcome 4 PROCESS_ENDED',
  ]);
  for (const row of logOf(deps).slice(4)) {
    assert.deepEqual([row.who, row.at, row.outcome], ['appliance', NOW + HOUR_MS, null]);
    assert.deepEqual([row.mailboxId, row.mailboxHash], [subject.mailboxId, subject.mailboxHash]);
  }
  closeLostIntents(deps);
  assert.equal(logOf(deps).length, 6, 'once');
  assert.equal(
    deps.store.read((r) => r.openIntent('mailbox.forget', mailbox.id)),
    2,
  );
  const head = await signedHead(deps, 1);
  const check = new AuditCheck(1, GENESIS);
  for (const row of logOf(deps)) check.add(row);
  assert.equal(check.flaw(head), null);
});

test('a head is signed by a pair that is stored sealed, and whose public key is a row of the log', async (t) => {
  const { deps } = await syncRig(t, {});
  const first = await signedHead(deps, 1);
  assert.ok(isSignedHead(first));
  const [row] = logOf(deps);
  assert.deepEqual([row?.act, row?.about], ['audit.signing-key', first.publicKey]);
  assert.deepEqual([first.first, first.previous, first.last, first.hash], [1, GENESIS, 1, row?.hash]);
  retryMailbox(deps, 1, COMMAND_LINE);
  const second = await signedHead(deps, 2);
  assert.deepEqual(
    [second.publicKey, second.first, second.previous, second.last],
    [first.publicKey, 2, row?.hash, 2],
  );
  const empty = await signedHead(deps, 3);
  assert.deepEqual([empty.first, empty.last, empty.hash], [3, 2, second.hash]);
  assert.ok(isSignedHead(empty));
  assert.ok(!isSignedHead({ ...second, last: 3 }));
  assert.ok(!isSignedHead({ ...second, signature: first.signature }));
  const kept = deps.store.read((r) => r.signingKey());
  assert.equal(kept?.seedSealed.length, 1 + 24 + 32 + 16);
});

test('the pair moves along to a new directory key, which waits for it, and is made anew when its own is lost', async (t) => {
  const { deps, kms, pass } = await syncRig(t, {});
  const { publicKey } = await signedHead(deps, 1);
  await nextDirectoryKey(deps);
  pass(60 * DAY_MS);
  const idle = () => deps.store.read((r) => r.idleDirectoryKeys(deps.clock.now())).map(({ uri }) => uri);
  deps.store.write((w) => {
    for (const { id } of w.mailboxes()) w.deleteMailbox(id);
  });
  assert.deepEqual(idle(), []);
  assert.equal((await signedHead(deps, 1)).publicKey, publicKey);
  const moved = deps.store.read((r) => r.signingKey());
  assert.equal(moved?.keyUri, deps.store.read((r) => r.directoryKey())?.uri);
  assert.deepEqual(idle(), ['kms://d']);
  kms.refused.set(moved?.keyUri ?? '', refusalOf({ status: 404 }, true));
  const anew = await signedHead(deps, 1);
  assert.notEqual(anew.publicKey, publicKey);
  assert.equal(logOf(deps).at(-1)?.about, anew.publicKey);
});

test('a flood of strangers makes a hundred rows an hour, and none is left uncounted', async (t) => {
  const { deps } = await syncRig(t, {});
  let now = NOW;
  const refusals = new Refusals({ store: deps.store, clock: { ...deps.clock, now: () => now } });
  const refuse = (): void =>
    refusals.add(ended({ actor: COMMAND_LINE, act: 'sign-in' }, now, { outcome: 'refused', reason: 'X' }));
  for (let n = 0; n < 350; n += 1) refuse();
  assert.equal(logOf(deps).length, 100);
  now += HOUR_MS;
  refuse();
  const rows = logOf(deps);
  assert.deepEqual([rows.length, rows.at(-1)?.count], [101, 251]);
  assert.equal(
    rows.reduce((sum, row) => sum + row.count, 0),
    351,
  );
  now -= 5 * HOUR_MS;
  refuse();
  assert.equal(logOf(deps).length, 102, 'a clock that is put back begins another hour');
});

test('the whole log of a busy day follows from its first row', async (t) => {
  const { deps, mailbox } = await syncRig(t, {});
  for (let n = 0; n < 50; n += 1) retryMailbox(deps, mailbox.id, COMMAND_LINE);
  const head = await signedHead(deps, 1);
  const check = new AuditCheck(1, GENESIS);
  for (const row of logOf(deps)) check.add(row);
  assert.equal(check.flaw(head), null);
});

test('a signed head goes into the log when there are new rows, and waits while there is no KMS', async (t) => {
  const { deps, mailbox, told, kms } = await syncRig(t, {});
  const tell = async (): Promise<number> => {
    const closing = await tellHead(deps);
    deps.store.write((w) => closing.write(w));
    closing.told();
    return told.filter((name) => name === 'auditHeadSigned').length;
  };
  assert.equal(await tell(), 0, 'an empty log has no head');
  retryMailbox(deps, mailbox.id, COMMAND_LINE);
  kms.down = AWAY;
  assert.equal(await tell(), 0);
  kms.down = null;
  assert.equal(await tell(), 1);
  assert.equal(await tell(), 1, 'nothing is new');
});
