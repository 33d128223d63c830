import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SubscriptionRow } from '../../src/domain/rows.ts';
import type { Writer } from '../../src/domain/store-port.ts';
import { realClock } from '../../src/ops/clock.ts';
import { systemRandom } from '../../src/ops/random.ts';
import { openStore } from '../../src/store/open.ts';
import { folder, opened } from './store-rig.ts';

test('a full disk stands among the alarms from the first refused write to the first that gets through', async (t) => {
  const told: boolean[] = [];
  const diskFull = (full: boolean): void => void told.push(full);
  const store = openStore({ dataDir: folder(t), clock: realClock(), random: systemRandom(), diskFull });
  t.after(() => store.close());
  const alarms = () => store.read((r) => r.alarms().map((alarm) => alarm.id));
  const pages = Number(store.database.pragma('page_count', { simple: true }));
  store.database.pragma(`max_page_count = ${pages}`);
  const large = (w: Writer): void => w.setSetting('large', 'x'.repeat(20_000));
  await assert.rejects(store.writeTogether(large), { reason: 'DISK_FULL' });
  assert.throws(() => store.write(large), { reason: 'DISK_FULL' });
  store.write((w) => w.deleteSessionsOf('nobody'));
  assert.deepEqual([alarms(), told], [['disk-full'], [true]], 'a write of nothing proves nothing');
  store.database.pragma('max_page_count = 100000');
  store.write(large);
  assert.deepEqual([alarms(), told], [[], [true, false]]);
});

test('a subscription is read as it was committed last', (t) => {
  const store = opened(t);
  const sealed = { addressSealed: new Uint8Array(60), addressHash: new Uint8Array(32), addressKey: 'd' };
  const row: SubscriptionRow = {
    id: 'sub',
    mailboxId: store.write((w) => w.addMailbox({ kind: 'person', ...sealed }, 0).id),
    clientStateHash: new Uint8Array(32),
    notificationUrl: 'https://appliance.example/graph/notifications',
    expiresAt: 1,
    createdAt: 0,
  };
  const expiry = () => store.read((r) => r.subscription('sub')?.expiresAt ?? null);
  const undone = (work: (w: Writer) => void) => () =>
    store.write((w) => {
      work(w);
      w.subscription('sub');
      throw new Error('no');
    });
  assert.equal(expiry(), null);
  assert.throws(
    undone((w) => w.putSubscription(row)),
    /no/,
  );
  assert.equal(expiry(), null);
  store.write((w) => w.putSubscription(row));
  assert.equal(expiry(), 1);
  assert.throws(
    undone((w) => w.setSubscriptionExpiry('sub', 2)),
    /no/,
  );
  assert.equal(expiry(), 1);
  store.write((w) => w.setSubscriptionExpiry('sub', 3));
  assert.equal(expiry(), 3);
  store.write((w) => w.deleteSubscription('sub'));
  assert.equal(expiry(), null);
  store.write((w) => w.putSubscription(row));
  assert.equal(expiry(), 1);
  store.write((w) => w.deleteMailbox(row.mailboxId));
  assert.equal(expiry(), null);
});

test('pruning takes a slice at a time and says whether more may be left', (t) => {
  const store = opened(t);
  store.write((w) => {
    for (let n = 0; n < 250; n += 1) w.addTrace({ at: n, mailboxId: 1, eventId: 'a', code: 'LISTED' });
    w.addTrace({ at: 40 * 86_400_000, mailboxId: 1, eventId: 'a', code: 'LISTED' });
  });
  const left = () => store.read((r) => r.traces(1, 'a').length);
  const prune = () => store.write((w) => w.prune(50 * 86_400_000));
  assert.deepEqual([prune(), left()], [true, 51]);
  assert.deepEqual([prune(), left()], [false, 1]);
});
