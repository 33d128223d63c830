import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { refusalOf } from '../../src/kms/kms-fault.ts';
import { addMailbox } from '../../src/sync/add-mailbox.ts';
import { knownMailbox, openAddresses } from '../../src/sync/addresses.ts';
import { rotateKeys } from '../../src/sync/rotate-keys.ts';
import type { SyncDeps } from '../../src/sync/sync-deps.ts';
import { NOW, syncRig } from './sync-rig.ts';

const DAY_MS = 86_400_000;
const FIRST = 'kms://d';
const REVOKED = refusalOf({ status: 405, errorCode: 405005 }, true);

const addressOf = (n: number): string => `p${n}@nordwind.example`;

/** 450 mailboxes under one directory key. */
async function start(t: TestContext) {
  const rig = await syncRig(t, {});
  const { deps, job } = rig;
  for (let n = 2; n <= 450; n += 1) await addMailbox(deps, addressOf(n), 'person');
  const rotate = async (by: SyncDeps = deps) => {
    const closing = await rotateKeys(by, { ...job, kind: 'rotate-keys', key: 'directory' });
    deps.store.write((w) => closing.write(w));
    closing.told();
  };
  return {
    ...rig,
    rotate,
    /** From now on the next directory key is due. */
    ask: () =>
      deps.store.write((w) => {
        const key = w.directoryKey();
        if (key !== null) w.setKeyLife(key.uri, { ...key, renewAt: deps.clock.now() });
      }),
    under: () =>
      Map.groupBy(
        deps.store.read((r) => r.mailboxes()),
        (row) => row.addressKey,
      ),
    alarms: () => deps.store.read((r) => r.alarms()).map(({ id, reason }) => `${id} ${reason}`),
  };
}

/** The same surroundings, in which the process is killed at the n-th commit of addresses. */
function killedAt(deps: SyncDeps, n: number): SyncDeps {
  let commits = 0;
  return {
    ...deps,
    store: {
      ...deps.store,
      writeTogether: async (work) => {
        commits += 1;
        if (commits >= n) throw new Error('killed');
        return await deps.store.writeTogether(work);
      },
    },
  };
}

test('every address comes under the new directory key with a new hash, and is found and opened as before', async (t) => {
  const { deps, rotate, ask, under, told } = await start(t);
  const hashes = deps.store.read((r) =>
    r.mailboxes().map((row) => Buffer.from(row.addressHash).toString('hex')),
  );
  const before = await openAddresses(deps);
  ask();
  await rotate();
  assert.deepEqual(
    [...under()].map(([uri, rows]) => `${uri} ${rows.length}`),
    ['kms://made/1 450'],
  );
  assert.deepEqual(await openAddresses(deps), before);
  assert.equal(await knownMailbox(deps, addressOf(333)), 333);
  const anew = deps.store.read((r) =>
    r.mailboxes().map((row) => Buffer.from(row.addressHash).toString('hex')),
  );
  assert.ok(anew.every((hash) => !hashes.includes(hash)));
  assert.equal(
    deps.store.read((r) => r.key('kms://made/1')?.seals),
    450,
  );
  assert.deepEqual(
    told.filter((one) => one === 'addressesResealed').length,
    5,
    'in slices, so that nothing else waits long',
  );
});

test('killed at any slice the rest is done by the next run, and meanwhile addresses are found under either key', async (t) => {
  for (const n of [1, 2, 3]) {
    const { deps, rotate, ask, under } = await start(t);
    ask();
    await assert.rejects(rotate(killedAt(deps, n)), /killed/);
    assert.equal(under().get('kms://made/1')?.length ?? 0, 100 * (n - 1));
    for (const id of [2, 99, 101, 201, 450]) assert.equal(await knownMailbox(deps, addressOf(id)), id);
    assert.equal((await openAddresses(deps)).get(450), addressOf(450));
    assert.deepEqual(await addMailbox(deps, addressOf(449), 'person'), { id: 449, created: false });
    const { id, created } = await addMailbox(deps, addressOf(1000 + n), 'person');
    assert.equal(created, true);
    assert.equal(
      deps.store.read((r) => r.mailbox(id)?.addressKey),
      'kms://made/1',
    );
    await rotate();
    assert.deepEqual([...under().keys()], ['kms://made/1'], 'and no third key was made');
  }
});

test('the KMS ends the directory key: the next one is made ahead', async (t) => {
  const { deps, kms, rotate, ask, under, pass } = await start(t);
  kms.sealUntil = NOW + 90 * DAY_MS;
  ask();
  await rotate();
  kms.sealUntil = null;
  pass(72 * DAY_MS - 1);
  await rotate();
  assert.deepEqual([...under().keys()], ['kms://made/1']);
  pass(9 * DAY_MS + 1);
  await rotate();
  assert.deepEqual([...under().keys()], ['kms://made/2']);
  assert.equal(
    deps.store.read((r) => r.directoryKey()?.renewAt),
    Number.MAX_SAFE_INTEGER,
  );
});

test('the old directory key stays readable for a month, for older backups, and then it goes', async (t) => {
  const { deps, kms, rotate, ask, pass } = await start(t);
  ask();
  await rotate();
  pass(31 * DAY_MS);
  await rotate();
  assert.deepEqual(kms.withdrawn, []);
  pass(1);
  await rotate();
  assert.deepEqual(kms.withdrawn, [`${FIRST} appliance`]);
  assert.equal(
    deps.store.read((r) => r.key(FIRST)),
    null,
  );
});

test('a damaged address stays where it is and stops no other', async (t) => {
  const { deps, rotate, ask, under } = await start(t);
  deps.store.write((w) => {
    const row = w.mailbox(7);
    if (row === null) throw new Error('no mailbox');
    w.resealAddress(7, FIRST, { ...row, addressSealed: deps.random.bytes(70) });
  });
  ask();
  await rotate();
  assert.deepEqual(
    under()
      .get(FIRST)
      ?.map(({ id }) => id),
    [7],
  );
  assert.equal(await knownMailbox(deps, addressOf(8)), 8);
});

test('a directory key that the KMS revokes raises an alarm, and hides only what is under it', async (t) => {
  const { deps, kms, rotate, ask, alarms } = await start(t);
  ask();
  await assert.rejects(rotate(killedAt(deps, 2)), /killed/);
  kms.refused.set(FIRST, REVOKED);
  await rotate();
  assert.deepEqual(alarms(), ['directory-key-lost DIRECTORY_KEY_LOST']);
  assert.equal(await knownMailbox(deps, addressOf(2)), 2);
  assert.deepEqual((await openAddresses(deps)).size, 100);
  kms.refused.clear();
  await rotate();
  assert.deepEqual([alarms(), (await openAddresses(deps)).size], [[], 450]);
});

test('while no directory key can be had the commands about addresses say so', async (t) => {
  const { deps, kms } = await start(t);
  kms.refused.set(FIRST, REVOKED);
  await assert.rejects(knownMailbox(deps, addressOf(2)), { reason: 'DIRECTORY_KEY_LOST' });
});

test('two first mailboxes at the same time make one directory key', async (t) => {
  const { deps, kms } = await syncRig(t, {});
  deps.store.write((w) => w.deleteKey(FIRST));
  await Promise.all([2, 3, 4].map((n) => addMailbox(deps, addressOf(n), 'person')));
  assert.deepEqual(kms.posts, [1]);
});

test('an address that is added while the directory key changes is added once', async (t) => {
  const { deps, rotate, ask, under } = await start(t);
  ask();
  let changed = false;
  const kms: SyncDeps['kms'] = {
    issue: (readers) => deps.kms.issue(readers),
    issueEach: (readers) => deps.kms.issueEach(readers),
    withdraw: (key, readers) => deps.kms.withdraw(key, readers),
    outage: () => null,
    withKey: (uri, use) => deps.kms.withKey(uri, use),
    withKeys: async (loans, use) => {
      const lent = await deps.kms.withKeys(loans, use);
      // Between the sealing of the address and the look whether it is there.
      if (!changed && loans.every(({ purpose }) => purpose === 'open')) {
        changed = true;
        await rotate();
      }
      return lent;
    },
  };
  const added = await addMailbox({ ...deps, kms }, addressOf(5), 'person');
  assert.deepEqual(added, { id: 5, created: false });
  assert.deepEqual(
    [...under()].map(([uri, rows]) => `${uri} ${rows.length}`),
    ['kms://made/1 450'],
  );
});
