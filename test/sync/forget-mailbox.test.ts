import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { COMMAND_LINE } from '../../src/domain/audit.ts';
import type { LeasedJob } from '../../src/domain/job.ts';
import type { MailboxRow } from '../../src/domain/rows.ts';
import { openStore } from '../../src/store/open.ts';
import { addMailbox } from '../../src/sync/add-mailbox.ts';
import { sealAddress } from '../../src/sync/addresses.ts';
import { enableMailbox } from '../../src/sync/enable-mailbox.ts';
import { exportMailbox } from '../../src/sync/export-mailbox.ts';
import { mailboxTrouble, retryMailbox } from '../../src/sync/mailbox-health.ts';
import { withSealingKey } from '../../src/sync/mailbox-keys.ts';
import { askRemoval, removeMailbox } from '../../src/sync/remove-mailbox.ts';
import { storeMeeting } from '../../src/sync/store-meeting.ts';
import type { SyncDeps } from '../../src/sync/sync-deps.ts';
import { kmsRig } from '../kms/kms-rig.ts';
import { calendarEvent, NOW, type SyncRig, syncRig } from './sync-rig.ts';

const ADDRESS = 'berit@nordwind.example';

/** The rig with a mailbox whose keys, and the directory's, are those of the simulated KMS behind its own protocol. */
async function open(t: TestContext) {
  const { cloud, keys, reader } = await kmsRig(t);
  const [account] = cloud.context.directory.people;
  assert.ok(account !== undefined);
  const steps: string[] = [];
  const rig = await syncRig(t, { sink: { withdraw: async () => 'withdrawn' } });
  rig.deps.store.write((w) => w.deleteMailbox(rig.mailbox.id));
  Reflect.get(rig.deps.store, 'database').exec('DELETE FROM keys');
  const kms: SyncDeps['kms'] = {
    issue: (readers) => keys.issue(readers),
    issueEach: (readers) => keys.issueEach(readers),
    withKey: (uri, use, purpose) => keys.withKey(uri, use, purpose),
    withKeys: (loans, use) => keys.withKeys(loans, use),
    outage: () => keys.outage(),
    withdraw: (key, readers) => {
      steps.push('keys');
      return keys.withdraw(key, readers);
    },
  };
  const sink: SyncDeps['sink'] = {
    ...rig.deps.sink,
    withdraw: async () => {
      steps.push('items');
      return 'withdrawn';
    },
  };
  const settings = { ...rig.deps.settings, applianceUserId: account.webexUserId };
  const deps: SyncDeps = { ...rig.deps, kms, sink, settings };
  const sealed = await sealAddress(deps, ADDRESS);
  const mailbox = deps.store.write((w) => {
    const row = w.addMailbox({ kind: 'person', ...sealed }, NOW);
    w.setMailboxIdentity(row.id, { guid: 'guid-2', webexId: reader });
    return w.mailbox(row.id) ?? row;
  });
  const closing = await storeMeeting(deps, mailbox, calendarEvent({ subject: 'Wedding plans' }), NOW);
  deps.store.write((w) => closing.write(w));
  const job: LeasedJob = { ...rig.job, mailboxId: mailbox.id, kind: 'remove-mailbox' };
  return { deps, mailbox, job, steps };
}

/** The same appliance on a copy of the database, as it was at this moment. */
function copyOf(t: TestContext, deps: SyncDeps): SyncDeps {
  const path: string = Reflect.get(deps.store, 'database').name;
  const dataDir = mkdtempSync(join(tmpdir(), 'copy-'));
  for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, join(dataDir, `hybrid-calendar.db${end}`));
  const store = openStore({ dataDir, clock: deps.clock, random: deps.random });
  t.after(() => {
    store.close();
    rmSync(dataDir, { recursive: true });
  });
  return { ...deps, store };
}

const exported = async (deps: SyncDeps, mailbox: MailboxRow): Promise<string> =>
  JSON.stringify(await exportMailbox(deps, mailbox));

test('an older copy of the database can be opened through the KMS until the mailbox is forgotten, and never after', async (t) => {
  const { deps, mailbox, job, steps } = await open(t);
  const copy = copyOf(t, deps);
  assert.match(await exported(copy, mailbox), /Wedding plans/);
  askRemoval(deps, mailbox.id, COMMAND_LINE, 'mailbox.forget');
  await removeMailbox(deps, job);
  assert.equal(steps[0], 'keys', 'the content is lost first of all');
  const { meetings } = Object(await exportMailbox(copy, mailbox));
  assert.deepEqual(
    meetings.map((one: { content: unknown }) => one.content),
    [{ unreadable: 'KMS_KEY_REFUSED' }],
  );
  const left = deps.store.read((r) => [
    r.mailbox(mailbox.id),
    r.keys().filter((key) => key.mailboxId !== null),
  ]);
  assert.deepEqual(left, [null, []]);
  const acts = deps.store.read((r) => r.auditFrom(1, 10)).map(({ act, phase }) => `${act} ${phase}`);
  assert.deepEqual(acts, ['mailbox.forget intent', 'mailbox.forget outcome']);
});

test('forgetting goes on after a failure at any step, with the keys withdrawn once more', async (t) => {
  const { deps, mailbox, job } = await open(t);
  askRemoval(deps, mailbox.id, COMMAND_LINE, 'mailbox.forget');
  const away = { ...deps.sink, withdraw: () => Promise.reject(new Error('Webex is away')) };
  await assert.rejects(removeMailbox({ ...deps, sink: away }, job), /Webex is away/);
  assert.notEqual(
    deps.store.read((r) => r.mailbox(mailbox.id)),
    null,
  );
  await removeMailbox(deps, job);
  assert.equal(
    deps.store.read((r) => r.mailbox(mailbox.id)),
    null,
  );
});

test('a key that work under way got meanwhile is withdrawn too', async (t) => {
  const { deps, mailbox, job } = await open(t);
  askRemoval(deps, mailbox.id, COMMAND_LINE, 'mailbox.forget');
  const late: string[] = [];
  const sink: SyncDeps['sink'] = {
    ...deps.sink,
    withdraw: async () => {
      const jump = 40 * 86_400_000;
      const later = { ...deps, clock: { ...deps.clock, now: () => NOW + jump } };
      late.push(await withSealingKey(later, mailbox, (_, { uri }) => uri));
      return 'withdrawn';
    },
  };
  await removeMailbox({ ...deps, sink }, job);
  assert.equal(late.length, 1);
  await assert.rejects(
    deps.kms.withKey(late[0] ?? '', () => 0),
    { reason: 'KMS_KEY_REFUSED' },
  );
});

test('what others hold is counted and left alone', async (t) => {
  const { deps, mailbox } = await open(t);
  const other = deps.store.write((w) =>
    w.addMailbox({ ...(w.mailbox(mailbox.id) ?? mailbox), addressHash: deps.random.bytes(32) }, NOW),
  );
  deps.store.write((w) => {
    const row = w.meeting(mailbox.id, 'event');
    assert.ok(row !== null);
    for (const eventId of ['a', 'b'])
      w.putMeeting({ ...row, mailboxId: other.id, eventId, meetingId: `of another ${eventId}` });
  });
  const held = askRemoval(deps, mailbox.id, COMMAND_LINE, 'mailbox.forget');
  assert.deepEqual(held, { mailboxes: 1, meetings: 2 });
  assert.equal(askRemoval(deps, 99, COMMAND_LINE, 'mailbox.forget'), null);
});

test('an export holds address, items in clear, decisions and audit rows', async (t) => {
  const { deps, mailbox } = await open(t);
  retryMailbox(deps, mailbox.id, COMMAND_LINE);
  const held = Object(await exportMailbox(deps, mailbox));
  assert.equal(held.mailbox.address, ADDRESS);
  assert.equal(held.meetings[0].content.subject, 'Wedding plans');
  assert.deepEqual(held.traces.map((one: { code: string }) => one.code).slice(0, 1), ['LISTED']);
  assert.equal(held.audit[0].act, 'mailbox.retry');
  assert.equal(held.keys.length, 1);
  assert.match(held.notIncluded, /other mailboxes/);
});

test('while the KMS is away there is no export', async (t) => {
  const { deps, mailbox } = await open(t);
  const gone = new AppError({
    code: 'unavailable',
    reason: 'KMS_UNREACHABLE',
    message: 'away',
    scope: 'upstream',
  });
  const kms = { ...deps.kms, withKey: () => Promise.reject(gone), withKeys: () => Promise.reject(gone) };
  await assert.rejects(exportMailbox({ ...deps, kms }, mailbox), { reason: 'KMS_UNREACHABLE' });
});

async function leavingRig(t: TestContext): Promise<SyncRig & { readonly state: () => string }> {
  const rig = await syncRig(t, {});
  askRemoval(rig.deps, rig.mailbox.id, COMMAND_LINE);
  const state = (): string => {
    const row = rig.deps.store.read((r) => r.mailbox(rig.mailbox.id));
    return `${row?.state} ${row?.reason}`;
  };
  return { ...rig, state };
}

test('a mailbox that is being removed is not enabled again by what was under way, nor by a retry', async (t) => {
  const { deps, mailbox, job, state } = await leavingRig(t);
  await enableMailbox(deps, { ...job, kind: 'enable-mailbox' });
  retryMailbox(deps, mailbox.id, COMMAND_LINE);
  await assert.rejects(addMailbox(deps, 'astrid@nordwind.example', 'person'), { reason: 'MAILBOX_LEAVING' });
  assert.equal(state(), 'not-activated REMOVING');
  const jobs: unknown[] = Reflect.get(deps.store, 'database')
    .prepare("SELECT kind FROM jobs WHERE state = 'waiting'")
    .pluck()
    .all();
  assert.deepEqual(jobs, ['remove-mailbox']);
});

test('a removal that the mailbox stands in the way of waits, and is still a removal', async (t) => {
  const { deps, state } = await leavingRig(t);
  const [leased] = deps.store.write((w) => w.lease(['remove-mailbox'], 1, NOW, 60_000));
  assert.ok(leased !== undefined);
  const denied = new AppError({
    code: 'forbidden',
    reason: 'GRAPH_ACCESS_DENIED',
    message: 'denied',
    scope: 'mailbox',
    upstream: 'graph',
  });
  const closing = mailboxTrouble(deps, leased, denied);
  deps.store.write((w) => closing.write(w));
  assert.equal(state(), 'not-activated REMOVING');
  assert.ok((deps.store.read((r) => r.nextRunAt(['remove-mailbox'])) ?? 0) > NOW);
  assert.equal(
    deps.store.read((r) => r.nextRunAt(['enable-mailbox'])),
    null,
  );
});
