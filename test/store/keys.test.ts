import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import type { KeyRow } from '../../src/domain/rows.ts';
import { SQL as INIT } from '../../src/store/migrations/0001-init.ts';
import { SQL as ARRANGEMENTS } from '../../src/store/migrations/0002-arrangements.ts';
import { SQL as KEYS } from '../../src/store/migrations/0003-keys.ts';
import { opened } from './store-rig.ts';

const NOW = 1_000_000;

function key(uri: string, more: Partial<KeyRow> = {}): KeyRow {
  const row = { uri, role: 'mailbox', mailboxId: 1, resourceUri: 'r', createdAt: NOW, seals: 0 } as const;
  return { ...row, sealUntil: NOW + 100, renewAt: NOW + 80, ...more };
}

function start(t: TestContext) {
  const store = opened(t);
  const add = (n: number, addressKey = 'd') =>
    store.write((w) => {
      const bytes = new Uint8Array([n]);
      return w.addMailbox({ kind: 'person', addressSealed: bytes, addressHash: bytes, addressKey }, NOW).id;
    });
  const addKeys = (...rows: readonly KeyRow[]) =>
    store.write((w) => {
      for (const row of rows) w.addKey(row);
    });
  return { store, add, addKeys };
}

const directory = (uri: string, createdAt: number): KeyRow =>
  key(uri, { role: 'directory', mailboxId: null, createdAt });

test('the last key of a mailbox seals, from its making on alone', (t) => {
  const { store, add, addKeys } = start(t);
  for (const n of [1, 2]) add(n);
  addKeys(key('a'), key('other', { mailboxId: 2 }), key('b', { createdAt: NOW + 10 }));
  const seals = (mailbox: number, now: number) => store.read((r) => r.sealingKey(mailbox, now)?.uri);
  assert.deepEqual([seals(1, NOW), seals(2, NOW), seals(3, NOW)], ['b', 'other', undefined]);
  assert.equal(seals(1, NOW + 100), undefined, 'its time is over');
  const { sealUntil, renewAt } = store.read((r) => r.key('a')) ?? {};
  assert.deepEqual([sealUntil, renewAt], [NOW + 10, null]);
});

test('keys are renewed in the order they are due, but not those of mailboxes that leave or whose key was revoked', (t) => {
  const { store, add, addKeys } = start(t);
  for (const n of [1, 2, 3, 4]) add(n);
  const due = (uri: string, mailboxId: number, renewAt: number) => key(uri, { mailboxId, renewAt });
  addKeys(due('a', 1, 3), due('b', 2, 2), due('c', 3, 1), due('d', 4, 1));
  const state = { state: 'error', failures: 1, retryAt: null } as const;
  store.write((w) => {
    w.setMailboxState(3, { ...state, reason: 'REMOVING' }, NOW);
    w.setMailboxState(4, { ...state, reason: 'KMS_KEY_REVOKED' }, NOW);
  });
  const uris = (now: number, limit: number) =>
    store.read((r) => r.keysToRenew(now, limit).map(({ uri }) => uri));
  assert.deepEqual([uris(1, 9), uris(2, 9), uris(3, 9), uris(3, 1)], [[], ['b'], ['b', 'a'], ['b']]);
  assert.equal(
    store.read((r) => r.nextRenewal()),
    2,
  );
  assert.equal(
    store.read((r) => r.keysOlderThan(NOW + 1)),
    2,
  );
});

test('all keys are made due in slices, and those that are due already stay as they are', (t) => {
  const { store, add, addKeys } = start(t);
  for (const n of [1, 2, 3]) add(n);
  addKeys(
    key('a', { renewAt: 5 }),
    key('b', { mailboxId: 2 }),
    key('c', { mailboxId: 3 }),
    directory('d', NOW),
  );
  const changed = () => store.write((w) => w.renewKeys(10, 1));
  assert.deepEqual([changed(), changed(), changed()], [1, 1, 0]);
  const renewals = store.read((r) => r.keys().map(({ renewAt }) => renewAt));
  assert.deepEqual(renewals.sort(), [10, 10, 5, NOW + 80].sort());
});

test('the directory keys in use are the last one and those that addresses are under', (t) => {
  const { store, add, addKeys } = start(t);
  addKeys(directory('d1', 1), directory('d2', 2), directory('d3', 3));
  const first = add(1, 'd1');
  const uris = () => store.read((r) => r.directoryKeys().map(({ uri }) => uri));
  const idle = (before: number) => store.read((r) => r.idleDirectoryKeys(before).map(({ uri }) => uri));
  assert.deepEqual([store.read((r) => r.directoryKey()?.uri), uris()], ['d3', ['d3', 'd1']]);
  assert.deepEqual([idle(3), idle(4)], [[], ['d2']]);
  const bytes = new Uint8Array([9]);
  const moved = { addressSealed: bytes, addressHash: bytes, addressKey: 'd3' };
  const left = () => store.read((r) => r.countUnderOtherKey('d3'));
  assert.deepEqual([left(), store.read((r) => r.mailboxesUnderOtherKey('d3', 0, 9).length)], [1, 1]);
  assert.equal(
    store.write((w) => w.resealAddress(first, 'd2', moved)),
    false,
    'it is not under that one',
  );
  assert.equal(
    store.write((w) => w.resealAddress(first, 'd1', moved)),
    true,
  );
  assert.deepEqual([left(), uris(), idle(4)], [0, ['d3'], ['d1', 'd2']]);
  store.write((w) => w.deleteKey('d1'));
  assert.deepEqual(idle(4), ['d2']);
});

test('content under a lost key is forgotten once, and what to look at is told', (t) => {
  const { store, add, addKeys } = start(t);
  add(1);
  addKeys(key('a'), key('b'));
  const meeting = (eventId: string, seriesId: string | null, keyUri: string) => ({
    mailboxId: 1,
    eventId,
    seriesId,
    meetingId: eventId,
    version: 1,
    state: 'listed' as const,
    changeKey: 'k',
    contentHash: new Uint8Array(32),
    keyUri,
    envelope: new Uint8Array(9),
    startAt: 1,
    endAt: 2,
    changedAt: 0,
    deliveredVersion: 0,
  });
  store.write((w) => {
    for (const row of [
      meeting('1', null, 'a'),
      meeting('2', 's', 'a'),
      meeting('3', 's', 'a'),
      meeting('4', null, 'b'),
    ])
      w.putMeeting(row);
  });
  const forget = () => store.write((w) => w.forgetContentUnder({ mailboxId: 1, uri: 'a' }).sort());
  assert.deepEqual([forget(), forget()], [['1', 's'], []]);
  const { changeKey, contentHash, envelope } = store.read((r) => r.meeting(1, '2')) ?? {};
  assert.deepEqual([changeKey, contentHash, envelope?.length], [null, null, 9]);
  assert.equal(
    store.read((r) => r.meeting(1, '4')?.changeKey),
    'k',
  );
});

test('a database of before gets a renewal for the last key of each mailbox, and its addresses their key', (t) => {
  const database = new Database(':memory:');
  t.after(() => database.close());
  database.exec(INIT);
  database.exec(ARRANGEMENTS);
  database.exec(`INSERT INTO mailboxes (id, kind, address_sealed, address_hash, state, since) VALUES (1, 'person', x'00', x'00', 'activated', 0);
    INSERT INTO keys VALUES ('d', 'directory', NULL, 'r', 0, ${Number.MAX_SAFE_INTEGER}), ('a', 'mailbox', 1, 'r', 0, 2000),
      ('b', 'mailbox', 1, 'r', 1000, 3000)`);
  database.exec(KEYS);
  const rows = database.prepare('SELECT uri, seals, renew_at FROM keys ORDER BY uri').raw().all();
  const [[, , whenever] = [], ...mailbox] = rows
    .slice()
    .reverse()
    .map((row) => Object.values(Object(row)));
  assert.ok(Number(whenever) > 2 ** 52);
  assert.deepEqual(mailbox, [
    ['b', 0, 2700],
    ['a', 0, null],
  ]);
  assert.deepEqual(database.prepare('SELECT address_key FROM mailboxes').pluck().all(), ['d']);
});
