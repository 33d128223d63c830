import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import type { LeasedJob } from '../../src/domain/job.ts';
import { refusalOf } from '../../src/kms/kms-fault.ts';
import { sealAddress } from '../../src/sync/addresses.ts';
import { enableMailbox } from '../../src/sync/enable-mailbox.ts';
import { rotateKeys } from '../../src/sync/rotate-keys.ts';
import { NOW, syncRig } from './sync-rig.ts';

const MINUTE_MS = 60_000;
const AWAY = new AppError({
  code: 'unavailable',
  reason: 'KMS_TIMEOUT',
  message: '',
  scope: 'upstream',
  upstream: 'kms',
});

/** So many new mailboxes beside the one that works; every other one is called by its number from 2 on. */
async function start(t: TestContext, count: number) {
  const asked: string[] = [];
  const rig = await syncRig(t, {
    graph: {
      profile: async (address) => {
        asked.push(address);
        return { guid: `guid ${address}`, locale: null };
      },
      changedSince: async () => [],
      subscribe: async () => assert.fail('nothing is told here'),
    },
    webex: { identify: async (address) => ({ id: `webex ${address}`, orgId: null }) },
  });
  const { deps, job, kms } = rig;
  for (let id = 2; id < count + 2; id += 1) {
    const sealed = await sealAddress(deps, String(id));
    deps.store.write((w) => w.addMailbox({ kind: 'person', ...sealed }, NOW));
  }
  kms.posts.length = 0;
  const ids = Array.from({ length: count }, (_, n) => n + 2);
  const waiting = (kind: LeasedJob['kind']) =>
    deps.store.read((r) => r.jobCounts()).find((one) => one.kind === kind)?.waiting ?? 0;
  return {
    ...rig,
    ids,
    asked,
    waiting,
    enable: (id: number) => enableMailbox(deps, { ...job, kind: 'enable-mailbox', mailboxId: id }),
    makeKeys: async () => {
      const closing = await rotateKeys(deps, { ...job, kind: 'rotate-keys', key: 'first' });
      deps.store.write((w) => closing.write(w));
      closing.told();
    },
    /** In how many milliseconds keys are made; null when it is not planned. */
    dueIn: () => {
      const at = deps.store.read((r) => r.nextRunAt(['rotate-keys']));
      return at === null ? null : at - deps.clock.now();
    },
    mailbox: (id: number) => deps.store.read((r) => r.mailbox(id)),
    keyOf: (id: number) => deps.store.read((r) => r.sealingKey(id, deps.clock.now())?.uri ?? null),
  };
}

test('who is enabled is looked up first, and gets its key together with the others that are', async (t) => {
  const { kms, enable, makeKeys, dueIn, mailbox, keyOf, waiting, asked, told } = await start(t, 3);
  assert.equal(dueIn(), null);
  await enable(2);
  assert.deepEqual([dueIn(), mailbox(2)?.state, mailbox(2)?.webexId], [2_000, 'pending', 'webex 2']);
  await enable(3);
  assert.equal(dueIn(), 2_000);
  await enable(4);
  assert.equal(dueIn(), 0, 'nobody else is being looked up');
  assert.deepEqual(kms.posts, []);
  await makeKeys();
  assert.deepEqual(
    [kms.posts, [2, 3, 4].map(keyOf)],
    [[3], ['kms://made/1', 'kms://made/2', 'kms://made/3']],
  );
  assert.deepEqual([waiting('enable-mailbox'), told], [3, ['keysIssued']]);
  await enable(2);
  assert.equal(mailbox(2)?.state, 'activated');
  assert.deepEqual([asked, kms.posts], [['2', '3', '4'], [3]], 'nobody is looked up twice');
});

test('a thousand mailboxes need twenty messages that make keys', async (t) => {
  const { kms, ids, enable, makeKeys, keyOf } = await start(t, 1_000);
  for (const id of ids) await enable(id);
  for (let n = 0; n < 20; n += 1) await makeKeys();
  assert.deepEqual(kms.posts, Array(20).fill(50));
  assert.ok(ids.every((id) => keyOf(id) !== null));
  await makeKeys();
  assert.equal(kms.posts.length, 20);
});

test('a mailbox that gets no key rests and shows why, holds up no other, and is then tried alone', async (t) => {
  const { kms, pass, enable, makeKeys, mailbox, keyOf } = await start(t, 2);
  for (const id of [2, 3]) await enable(id);
  kms.unwanted.set('webex 2', refusalOf({ status: 400 }, false));
  await makeKeys();
  assert.deepEqual([keyOf(2), keyOf(3)], [null, 'kms://made/1']);
  const { state, reason, failures, retryAt } = mailbox(2) ?? {};
  assert.deepEqual([state, reason, failures, retryAt], ['error', 'KMS_REQUEST_REFUSED', 1, NOW + MINUTE_MS]);
  await makeKeys();
  assert.deepEqual(kms.posts, [2], 'it waits no more');
  pass(MINUTE_MS);
  await assert.rejects(enable(2), { reason: 'KMS_REQUEST_REFUSED', scope: 'mailbox' });
  kms.unwanted.clear();
  await enable(2);
  assert.deepEqual([mailbox(2)?.state, keyOf(2)], ['activated', 'kms://made/2']);
});

test('an outage ends the batch and all wait; what was made before it is kept', async (t) => {
  const { kms, enable, makeKeys, mailbox, keyOf, waiting } = await start(t, 2);
  for (const id of [2, 3]) await enable(id);
  kms.down = AWAY;
  await assert.rejects(makeKeys(), { reason: 'KMS_TIMEOUT' });
  kms.down = null;
  kms.unwanted.set('webex 2', AWAY);
  await makeKeys();
  assert.deepEqual([keyOf(2), keyOf(3), mailbox(2)?.state], [null, 'kms://made/1', 'pending']);
  assert.deepEqual([waiting('enable-mailbox'), waiting('rotate-keys')], [1, 1]);
  kms.unwanted.clear();
  await makeKeys();
  assert.equal(keyOf(2), 'kms://made/2');
});

test('a mailbox that is removed while its key is made takes nothing from the others', async (t) => {
  const { deps, job, enable, keyOf, mailbox } = await start(t, 2);
  for (const id of [2, 3]) await enable(id);
  const closing = await rotateKeys(deps, { ...job, kind: 'rotate-keys', key: 'first' });
  deps.store.write((w) => w.deleteMailbox(2));
  deps.store.write((w) => closing.write(w));
  assert.deepEqual([mailbox(2), keyOf(3)], [null, 'kms://made/2']);
});
