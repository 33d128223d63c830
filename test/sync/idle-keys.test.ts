import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { refusalOf } from '../../src/kms/kms-fault.ts';
import { deliver } from '../../src/sync/deliver.ts';
import { rotateKeys } from '../../src/sync/rotate-keys.ts';
import { storeMeeting } from '../../src/sync/store-meeting.ts';
import { calendarEvent, NOW, syncRig } from './sync-rig.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** Since the end of a key's sealing: the window of the list, and a day for clocks. */
const IDLE_MS = 39 * DAY_MS;

async function start(t: TestContext) {
  const items: string[] = [];
  const sink = {
    put: async (_: string, item: { encryptionKeyUrl: string }) => {
      items.push(item.encryptionKeyUrl);
      return 'created' as const;
    },
    withdraw: async () => 'withdrawn' as const,
  };
  const rig = await syncRig(t, { sink });
  const { deps, mailbox, job, pass } = rig;
  const row = { role: 'mailbox', mailboxId: mailbox.id, resourceUri: 'r', seals: 0 } as const;
  const write = async (closing: Awaited<ReturnType<typeof deliver>>) => {
    deps.store.write((w) => closing.write(w));
    closing.told();
  };
  return {
    ...rig,
    /** Keys at Webex, in the order the items came there. */
    items,
    /** A successor; from now on the key before it seals nothing. */
    succeed: (uri: string) => {
      const createdAt = deps.clock.now();
      const life = { createdAt, sealUntil: createdAt + 3_000 * DAY_MS, renewAt: createdAt + 2_700 * DAY_MS };
      deps.store.write((w) => w.addKey({ ...row, ...life, uri }));
    },
    list: async (endAt: number) =>
      await write(
        await storeMeeting(deps, mailbox, calendarEvent({ startAt: NOW, endAt }), deps.clock.now()),
      ),
    deliver: async () => await write(await deliver(deps, { ...job, kind: 'deliver' })),
    /** One run, as soon as the job is due. */
    walk: async () => {
      await write(await rotateKeys(deps, { ...job, kind: 'rotate-keys', key: 'idle' }));
      const next = deps.store.read((r) => r.nextRunAt(['rotate-keys'])) ?? 0;
      const inMs = next - deps.clock.now();
      pass(inMs);
      const now = deps.clock.now();
      deps.store.write((w) => {
        for (const due of w.lease(['rotate-keys'], 9, now, 1)) w.complete(due, now);
      });
      return inMs;
    },
    uris: () => deps.store.read((r) => r.keys()).map(({ uri }) => uri),
  };
}

test('a key that nothing is under is given up when its last items have left the list, the appliance’s own right last', async (t) => {
  const { kms, pass, succeed, walk, uris, told } = await start(t);
  succeed('kms://next');
  pass(IDLE_MS);
  assert.equal(await walk(), DAY_MS);
  assert.deepEqual([uris(), kms.withdrawn], [['kms://d', 'kms://k', 'kms://next'], []], 'to the millisecond');
  await walk();
  assert.deepEqual([uris(), kms.withdrawn], [['kms://d', 'kms://next'], ['kms://k webex appliance']]);
  assert.deepEqual(told, ['keysGivenUp']);
});

test('a key stays while an item that it sealed is in the list, and with it the right of the reader', async (t) => {
  const { deps, mailbox, kms, pass, succeed, walk, uris, list, deliver: send, items } = await start(t);
  const lasting = NOW + 300 * DAY_MS;
  await list(lasting);
  succeed('kms://wire');
  // The envelope is under the first key, the item in the list under the second.
  await send();
  assert.deepEqual(items, ['kms://wire']);
  pass(HOUR_MS);
  succeed('kms://next');
  pass(2 * IDLE_MS);
  await walk();
  assert.deepEqual([uris().length, kms.withdrawn], [4, []]);
  await list(lasting + HOUR_MS);
  await walk();
  assert.deepEqual([uris().length, kms.withdrawn], [4, []], 'the new version is not at Webex yet');
  await send();
  assert.deepEqual(items, ['kms://wire', 'kms://next']);
  await walk();
  assert.deepEqual(uris(), ['kms://d', 'kms://next']);
  assert.equal(
    deps.store.read((r) => r.meeting(mailbox.id, 'event')?.keyUri),
    'kms://next',
  );
});

test('keys that the KMS gives up unwillingly hold up no other, and an outage ends the run without a row less', async (t) => {
  const { deps, kms, pass, succeed, walk, uris } = await start(t);
  for (const uri of ['kms://l', 'kms://m']) succeed(uri);
  pass(IDLE_MS + 1);
  const away = new AppError({
    code: 'unavailable',
    reason: 'KMS_TIMEOUT',
    message: '',
    scope: 'upstream',
    upstream: 'kms',
  });
  kms.kept.set('kms://k', away).set('kms://l', away);
  await assert.rejects(walk(), { reason: 'KMS_TIMEOUT' });
  assert.equal(uris().length, 4);
  kms.kept.clear();
  kms.kept.set('kms://k', refusalOf({ status: 400 }, false));
  assert.equal(await walk(), DAY_MS);
  assert.deepEqual(uris(), ['kms://d', 'kms://k', 'kms://m']);
  kms.kept.clear();
  await walk();
  assert.deepEqual(uris(), ['kms://d', 'kms://m']);
  assert.equal(
    deps.store.read((r) => r.sealingKey(1, deps.clock.now())?.uri),
    'kms://m',
  );
});

test('the walk over many keys goes on in runs of fifty, each where the one before ended', async (t) => {
  const { kms, pass, succeed, walk, uris } = await start(t);
  for (let n = 0; n < 120; n += 1) succeed(`kms://old/${n}`);
  succeed('kms://the-last');
  pass(IDLE_MS + 1);
  const runs: [number, number][] = [];
  for (let inMs = 0; inMs !== DAY_MS; ) {
    const before = kms.withdrawn.length;
    inMs = await walk();
    runs.push([kms.withdrawn.length - before, inMs]);
  }
  assert.deepEqual(runs, [
    [50, 1_000],
    [50, 1_000],
    [21, DAY_MS],
  ]);
  assert.equal(uris().length, 2);
});
