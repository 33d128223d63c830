import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { KeyRow, SubscriptionRow } from '../../src/domain/rows.ts';
import { realClock } from '../../src/ops/clock.ts';
import { systemRandom } from '../../src/ops/random.ts';
import { openStore } from '../../src/store/open.ts';

const NOW = 1_000_000;

function opened(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'summaries-'));
  const store = openStore({ dataDir, clock: realClock(), random: systemRandom() });
  t.after(() => {
    store.close();
    rmSync(dataDir, { recursive: true });
  });
  const add = (n: number) =>
    store.write((w) => {
      const bytes = new Uint8Array([n]);
      return w.addMailbox({ kind: 'person', addressSealed: bytes, addressHash: bytes, addressKey: 'd' }, NOW);
    });
  return { store, add };
}

test('counts mailboxes by state', (t) => {
  const { store, add } = opened(t);
  assert.deepEqual(
    store.read((r) => r.mailboxStates()),
    {},
  );
  for (const n of [1, 2, 3]) add(n);
  store.write((w) =>
    w.setMailboxState(2, { state: 'activated', reason: null, failures: 0, retryAt: null }, NOW),
  );
  assert.deepEqual(
    store.read((r) => r.mailboxStates()),
    { activated: 1, 'not-activated': 2 },
  );
});

test('sums up subscriptions and finds the one that ends first among the living', (t) => {
  const { store, add } = opened(t);
  add(1);
  const none = { live: 0, expired: 0, earliestExpiryAt: null };
  assert.deepEqual(
    store.read((r) => r.subscriptionSummary(NOW)),
    none,
  );
  const row = (id: string, expiresAt: number): SubscriptionRow => ({
    id,
    mailboxId: 1,
    clientStateHash: new Uint8Array(32),
    notificationUrl: 'https://x',
    expiresAt,
    createdAt: 0,
  });
  store.write((w) => {
    for (const [id, at] of [
      ['a', NOW + 20],
      ['b', NOW + 10],
      ['c', NOW],
    ] as const)
      w.putSubscription(row(id, at));
  });
  const summary = { live: 2, expired: 1, earliestExpiryAt: NOW + 10 };
  assert.deepEqual(
    store.read((r) => r.subscriptionSummary(NOW)),
    summary,
  );
});

test('sums up the keys of mailboxes; of each the last one seals', (t) => {
  const { store, add } = opened(t);
  for (const n of [1, 2, 3]) add(n);
  const key = (uri: string, createdAt: number, sealUntil: number, mailboxId: number | null): KeyRow => ({
    uri,
    role: mailboxId === null ? 'directory' : 'mailbox',
    mailboxId,
    resourceUri: uri,
    createdAt,
    sealUntil,
    seals: createdAt,
    renewAt: createdAt + 1,
  });
  const none = { sealing: 0, retired: 0, oldestSealingSince: null, nextRenewalAt: null, mostSeals: 0 };
  assert.deepEqual(
    store.read((r) => r.keySummary(NOW)),
    none,
  );
  store.write((w) => {
    w.addKey(key('directory', 1, Number.MAX_SAFE_INTEGER, null));
    w.addKey(key('old', 2, NOW + 1, 1));
    w.addKey(key('young', 4, NOW + 1, 1));
    w.addKey(key('other', 5, NOW + 1, 2));
    w.addKey(key('over', 3, NOW, 3));
  });
  assert.deepEqual(
    store.read((r) => r.keySummary(NOW)),
    { sealing: 2, retired: 2, oldestSealingSince: 4, nextRenewalAt: 5, mostSeals: 5 },
  );
});

test('the count of changes stands still until a row changes', (t) => {
  const { store, add } = opened(t);
  const count = () => store.read((r) => r.changeCount());
  const before = count();
  store.write((w) => w.lease(['deliver'], 5, NOW, 1_000));
  store.write((w) => w.clearAlarm('dead-jobs', ''));
  assert.equal(count(), before);
  add(1);
  assert.ok(count() > before);
});

test('one set-up link stands at a time', (t) => {
  const { store } = opened(t);
  const link = () => store.read((r) => r.setupLink());
  assert.equal(link(), null);
  for (const reset of [true, false]) {
    const row = { tokenHash: Buffer.from(`hash ${reset}`.padEnd(32)), expiresAt: NOW, reset };
    store.write((w) => w.putSetupLink(row));
    assert.deepEqual(link(), row);
  }
  store.write((w) => w.deleteSetupLink());
  assert.equal(link(), null);
});
