import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { MOST_SEALS } from '../../src/domain/key-life.ts';
import { refusalOf } from '../../src/kms/kms-fault.ts';
import { sealAddress } from '../../src/sync/addresses.ts';
import { rotateKeys } from '../../src/sync/rotate-keys.ts';
import { countSeals } from '../../src/sync/working-key.ts';
import { NOW, syncRig } from './sync-rig.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** So many mailboxes with a key each, made at once. */
async function start(t: TestContext, count: number) {
  const rig = await syncRig(t, {});
  const { deps, job } = rig;
  for (let n = 2; n <= count; n += 1) {
    const sealed = await sealAddress(deps, `p${n}@nordwind.example`);
    deps.store.write((w) => {
      const { id } = w.addMailbox({ kind: 'person', ...sealed }, NOW);
      w.setMailboxIdentity(id, { guid: `guid ${n}`, webexId: `webex ${n}` });
      w.addKey({
        uri: `kms://k${n}`,
        role: 'mailbox',
        mailboxId: id,
        resourceUri: 'r',
        createdAt: NOW,
        sealUntil: NOW + 30 * DAY_MS,
        seals: 0,
        renewAt: NOW + 27 * DAY_MS,
      });
    });
  }
  const rotate = async () => {
    const closing = await rotateKeys(deps, { ...job, kind: 'rotate-keys', key: 'mailboxes' });
    deps.store.write((w) => closing.write(w));
    closing.told();
  };
  return {
    ...rig,
    rotate,
    sealing: (id = 1) => deps.store.read((r) => r.sealingKey(id, deps.clock.now())),
    /** In how many milliseconds the next round is due. */
    nextIn: () => (deps.store.read((r) => r.nextRunAt(['rotate-keys'])) ?? 0) - deps.clock.now(),
    /** A second later: the job that was waiting has run. */
    begin: () => {
      rig.pass(1_000);
      const now = deps.clock.now();
      deps.store.write((w) => {
        for (const due of w.lease(['rotate-keys'], 9, now, 1)) w.complete(due, now);
      });
    },
  };
}

test('keys are made ahead of the end of their period, fifty in one message, one batch after the other', async (t) => {
  const { deps, kms, rotate, sealing, nextIn, begin, pass, told } = await start(t, 120);
  await rotate();
  assert.deepEqual([kms.posts, nextIn()], [[], HOUR_MS], 'nothing is due');
  pass(27 * DAY_MS);
  for (const [posts, next] of [
    [[50], 1_000],
    [[50, 50], 1_000],
  ] as const) {
    begin();
    await rotate();
    assert.deepEqual([kms.posts, nextIn()], [posts, next]);
  }
  begin();
  await rotate();
  assert.deepEqual([kms.posts, nextIn()], [[50, 50, 20], HOUR_MS]);
  assert.deepEqual(told, ['keysIssued', 'keysIssued', 'keysIssued']);
  const now = deps.clock.now();
  const keys = deps.store.read((r) => r.keys());
  assert.equal(keys.filter(({ renewAt, sealUntil }) => renewAt === null && sealUntil <= now).length, 120);
  const { createdAt, sealUntil } = sealing(120) ?? {};
  assert.deepEqual([createdAt, sealUntil], [now, now + 30 * DAY_MS]);
});

test('what was made at once is renewed over a tenth of the period', async (t) => {
  const { deps, rotate, begin, pass } = await start(t, 100);
  pass(27 * DAY_MS);
  for (let n = 0; n < 2; n += 1) {
    begin();
    await rotate();
  }
  const now = deps.clock.now();
  const days = deps.store
    .read((r) => r.keys())
    .flatMap(({ role, renewAt }) => (role === 'mailbox' && renewAt !== null ? (renewAt - now) / DAY_MS : []));
  assert.equal(days.length, 100);
  assert.ok(days.every((day) => day > 23.9 && day < 27));
  assert.ok(new Set(days.map((day) => Math.floor(day * 10))).size > 15, 'they are not all due together');
});

test('keys that become due within a minute are made together', async (t) => {
  const { deps, rotate, nextIn, pass } = await start(t, 1);
  pass(27 * DAY_MS - 5_000);
  await rotate();
  assert.equal(nextIn(), MINUTE_MS);
  assert.notEqual(
    deps.store.read((r) => r.key('kms://k')?.renewAt),
    null,
  );
});

test('one mailbox for which no key is made holds up no other, and its own goes on for as long as it may', async (t) => {
  const { deps, kms, rotate, sealing, nextIn, begin, pass } = await start(t, 2);
  kms.unwanted.set('webex', refusalOf({ status: 400 }, false));
  pass(27 * DAY_MS);
  await rotate();
  assert.equal(sealing(2)?.uri, 'kms://made/1');
  assert.deepEqual([sealing(1)?.uri, sealing(1)?.renewAt], ['kms://k', deps.clock.now() + HOUR_MS]);
  assert.equal(nextIn(), HOUR_MS);
  kms.unwanted.clear();
  pass(HOUR_MS);
  begin();
  await rotate();
  assert.match(sealing(1)?.uri ?? '', /^kms:\/\/made/);
});

test('an outage fails the round and changes no key', async (t) => {
  const { deps, kms, rotate, pass } = await start(t, 2);
  const before = deps.store.read((r) => r.keys());
  kms.down = new AppError({
    code: 'unavailable',
    reason: 'KMS_TIMEOUT',
    message: '',
    scope: 'upstream',
    upstream: 'kms',
  });
  pass(27 * DAY_MS);
  await assert.rejects(rotate(), { reason: 'KMS_TIMEOUT' });
  assert.deepEqual(
    deps.store.read((r) => r.keys()),
    before,
  );
});

test('a mailbox that is removed while its key is made takes nothing from the others', async (t) => {
  const { deps, job, sealing, pass } = await start(t, 2);
  pass(27 * DAY_MS);
  const closing = await rotateKeys(deps, { ...job, kind: 'rotate-keys', key: 'mailboxes' });
  deps.store.write((w) => w.deleteMailbox(1));
  deps.store.write((w) => closing.write(w));
  assert.deepEqual([sealing(1), sealing(2)?.uri], [null, 'kms://made/2']);
});

test('a key that sealed much is renewed by its number of seals', async (t) => {
  const { deps, rotate, sealing } = await start(t, 1);
  deps.store.write((w) => countSeals(w, 'kms://k', 0.75 * MOST_SEALS - 1, NOW));
  await rotate();
  assert.equal(sealing()?.uri, 'kms://k');
  deps.store.write((w) => countSeals(w, 'kms://k', 1, NOW));
  await rotate();
  assert.equal(sealing()?.uri, 'kms://made/1');
});

test('a key that the KMS made with its time over already does not take the place of a good one', async (t) => {
  const { kms, rotate, sealing, pass } = await start(t, 1);
  kms.sealUntil = NOW;
  pass(27 * DAY_MS);
  await rotate();
  assert.equal(sealing()?.uri, 'kms://k');
});
