import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { sealAddress } from '../../src/sync/addresses.ts';
import { syncMeasures } from '../../src/sync/measures.ts';
import { healthFacts, statusFacts, statusMark, statusOutline } from '../../src/sync/status.ts';
import type { SyncDeps } from '../../src/sync/sync-deps.ts';
import { NOW, syncRig } from './sync-rig.ts';

const IDENTITY = { version: '1', startedAt: NOW, lab: true };
const DAY_MS = 86_400_000;
const ACTIVATED = { state: 'activated', reason: null, failures: 0, retryAt: null } as const;

/** The rig with a mailbox whose address is damaged instead of its own; counts how often a key is lent. */
async function open(t: TestContext) {
  const rig = await syncRig(t, {});
  const { deps, kms } = rig;
  deps.store.write((w) => {
    const bytes = deps.random.bytes(64);
    const damaged = { addressSealed: bytes, addressHash: bytes.subarray(32), addressKey: 'kms://d' };
    w.setMailboxState(w.addMailbox({ kind: 'room', ...damaged }, NOW).id, ACTIVATED, NOW);
    w.deleteMailbox(rig.mailbox.id);
  });
  const counted = async (work: () => unknown): Promise<number> => {
    kms.lent.length = 0;
    await work();
    return kms.lent.length;
  };
  return { deps, kms, counted, jump: rig.pass };
}

async function addMailbox(deps: SyncDeps, address: string): Promise<void> {
  const sealed = await sealAddress(deps, address);
  deps.store.write((w) => w.addMailbox({ kind: 'room', ...sealed }, NOW));
}

test('whether the status changed, health and metrics are read without opening anything', async (t) => {
  const { deps, counted } = await open(t);
  await addMailbox(deps, 'aurora@nordwind.example');
  const lent = await counted(() => {
    statusMark(deps);
    const outline = statusOutline(deps, IDENTITY);
    assert.deepEqual(
      outline.mailboxes.map((one) => one.address),
      [null, null],
    );
    assert.deepEqual(healthFacts(deps, IDENTITY).mailboxStates, { activated: 1, 'not-activated': 1 });
    assert.deepEqual(syncMeasures(deps, IDENTITY).keys.sealing, 0);
  });
  assert.equal(lent, 0);
});

test('the status asks for the key and opens all addresses by lending it once', async (t) => {
  const { deps, counted } = await open(t);
  for (const name of ['aurora', 'borealis', 'corona']) await addMailbox(deps, `${name}@nordwind.example`);
  const lent = await counted(async () => {
    const facts = await statusFacts(deps, IDENTITY);
    assert.deepEqual(
      facts.mailboxes.map((one) => one.address),
      // The damaged one hides no other.
      [null, 'aurora@nordwind.example', 'borealis@nordwind.example', 'corona@nordwind.example'],
    );
  });
  assert.equal(lent, 2);
});

test('without the key the status still tells everything else', async (t) => {
  const { deps, kms } = await open(t);
  await addMailbox(deps, 'aurora@nordwind.example');
  kms.down = new AppError({ code: 'unavailable', reason: 'KMS', message: '' });
  const facts = await statusFacts(deps, IDENTITY);
  assert.deepEqual(
    facts.mailboxes.map((one) => [one.address, one.state]),
    [
      [null, 'activated'],
      [null, 'not-activated'],
    ],
  );
});

test('the mark stands still while nothing happens and moves with all that the page shows', async (t) => {
  const { deps, jump } = await open(t);
  let last = statusMark(deps);
  const moves = (): boolean => {
    const before = last;
    last = statusMark(deps);
    return last !== before;
  };
  jump(60_000);
  deps.store.write((w) => w.lease(['deliver'], 5, NOW, 1_000));
  assert.equal(moves(), false, 'a look for work and a minute');
  await addMailbox(deps, 'aurora@nordwind.example');
  assert.equal(moves(), true, 'a row');
  deps.upstreams.succeeded('webex');
  assert.equal(moves(), true, 'an answer of an upstream');
  deps.upstreams.failed('kms', new AppError({ code: 'unavailable', reason: 'KMS_TIMEOUT', message: '' }));
  assert.equal(moves(), true, 'an upstream that fails');
  jump(DAY_MS);
  assert.equal(moves(), true, 'another day: delivered today');
  assert.equal(moves(), false);
});
