import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import type { KeyRow, MeetingRow } from '../../src/domain/rows.ts';
import { SQL as INIT } from '../../src/store/migrations/0001-init.ts';
import { SQL as ARRANGEMENTS } from '../../src/store/migrations/0002-arrangements.ts';
import { SQL as KEYS } from '../../src/store/migrations/0003-keys.ts';
import { arrangement } from '../sync/sync-rig.ts';
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

const meeting = (eventId: string, seriesId: string | null, keyUri: string): MeetingRow => ({
  mailboxId: 1,
  eventId,
  seriesId,
  meetingId: eventId,
  version: 1,
  state: 'listed',
  changeKey: 'k',
  contentHash: new Uint8Array(32),
  keyUri,
  envelope: new Uint8Array(9),
  startAt: 1,
  endAt: 2,
  changedAt: 0,
  deliveredVersion: 0,
});

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

test('a key is in use while anything is under it, or may be in the list at Webex', (t) => {
  const { store, add, addKeys } = start(t);
  add(1);
  add(2);
  addKeys(key('a'), key('b', { createdAt: NOW + 10 }), key('c', { mailboxId: 2 }), directory('d', NOW));
  const inUse = (uri: string, lastSealAt: number) =>
    store.read((r) => r.isKeyInUse({ uri, mailboxId: 1 }, lastSealAt));
  const put = (more: Partial<MeetingRow>) =>
    store.write((w) => w.putMeeting({ ...meeting('1', null, 'b'), ...more }));
  const listed = { version: 3, deliveredVersion: 3, changedAt: NOW + 20 };
  put(listed);
  assert.deepEqual([inUse('a', NOW + 19), inUse('b', NOW + 19)], [false, true], 'an envelope');
  assert.equal(inUse('a', NOW + 20), true, 'an item that was delivered while it still sealed');
  put({ ...listed, version: 4 });
  assert.equal(inUse('a', NOW + 19), true, 'an item of before stands in the list');
  put({ ...listed, state: 'withdrawn', keyUri: null, version: 5 });
  assert.equal(inUse('a', NOW + 19), true, 'a withdrawal that Webex was not told of');
  store.write((w) => w.setDelivered(1, '1', 5));
  assert.deepEqual([inUse('a', NOW + 99), inUse('b', NOW + 99)], [false, false]);
  const [mailbox] = store.read((r) => r.mailboxes());
  assert.ok(mailbox !== undefined);
  store.write((w) =>
    w.putArrangement(arrangement(mailbox, { askedHash: new Uint8Array(32), askedKey: 'a' })),
  );
  assert.deepEqual([inUse('a', NOW), inUse('b', NOW)], [true, false], 'a hash of what was asked');
  const from = (uri: string, limit: number) =>
    store.read((r) => r.mailboxKeysAfter(uri, limit).map((one) => one.uri));
  assert.deepEqual([from('', 2), from('b', 2), from('c', 2)], [['a', 'b'], ['c'], []]);
});

test('content under a lost key is forgotten once, and what to look at is told', (t) => {
  const { store, add, addKeys } = start(t);
  add(1);
  addKeys(key('a'), key('b'));
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
