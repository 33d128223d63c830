import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import type { MeetingRow, ReminderRow } from '../../src/domain/rows.ts';
import { SQL as INIT } from '../../src/store/migrations/0001-init.ts';
import { DATABASE_FILE } from '../../src/store/open.ts';
import { folder, opened } from './store-rig.ts';

const HOUR_MS = 3_600_000;
const START = 1_900_000_000_000;

function meeting(mailboxId: number, eventId: string, startAt = START): MeetingRow {
  const version = 1;
  const sealed = { contentHash: Buffer.alloc(32), keyUri: 'kms://k', envelope: Buffer.alloc(64) };
  const ids = { mailboxId, eventId, seriesId: null, meetingId: `m ${mailboxId} ${eventId}`, changeKey: 'k' };
  const times = { startAt, endAt: startAt + HOUR_MS, changedAt: 0, deliveredVersion: 0 };
  return { ...ids, version, state: 'listed', ...sealed, ...times };
}

function reminder(mailboxId: number, eventId: string, dueAt: number | null): ReminderRow {
  const told = { told: 'nothing', toldStartAt: null, toldHash: null, version: 0, sentVersion: 0 } as const;
  return { mailboxId, eventId, wanted: true, startAt: START, endAt: START + HOUR_MS, dueAt, ...told };
}

/** Two mailboxes with two meetings each. */
function filled(t: TestContext) {
  const store = opened(t);
  const ids = store.write((w) =>
    [1, 2].map((n) => {
      const hash = Buffer.alloc(32, n);
      const { id } = w.addMailbox(
        { kind: 'person', addressSealed: hash, addressHash: hash, addressKey: 'k' },
        0,
      );
      w.setMailboxState(id, { state: 'activated', reason: null, failures: 0, retryAt: null }, 0);
      for (const eventId of ['a', 'b']) {
        w.putMeeting(meeting(id, eventId));
        w.putReminder(reminder(id, eventId, START - 300_000));
      }
      return id;
    }),
  );
  return { store, one: ids[0] ?? 0, other: ids[1] ?? 0 };
}

const keys = (rows: readonly ReminderRow[]) => rows.map((row) => `${row.mailboxId}/${row.eventId}`).sort();

test('what is due is found until it is in a job, and not after the meeting', (t) => {
  const { store, one, other } = filled(t);
  const due = (now: number) => keys(store.read((r) => r.dueReminders(now, 10)));
  assert.deepEqual(due(START - 300_001), []);
  assert.equal(due(START - 300_000).length, 4);
  assert.deepEqual(due(START + HOUR_MS), []);
  store.write((w) => {
    const job = { kind: 'remind', mailboxId: one, runAt: 0, merge: 'earliest' } as const;
    for (const eventId of ['a', 'b']) w.enqueue({ ...job, key: `${one}/${eventId}`, eventId }, 0);
  });
  assert.deepEqual(due(START), [`${other}/a`, `${other}/b`]);
  const leased = store.write((w) => w.lease(['remind'], 2, 1, 1_000));
  assert.deepEqual(due(START), [`${other}/a`, `${other}/b`], 'it runs');
  const [first, second] = leased;
  assert.ok(first !== undefined && second !== undefined);
  store.write((w) => w.bury(first, 'X', 1));
  store.write((w) => w.complete(second, 1));
  assert.equal(due(START).length, 3, 'given up stays given up; done without an effect comes again');
  store.write((w) => w.putMeeting({ ...meeting(one, first.eventId ?? ''), version: 2, changedAt: 2 }));
  assert.equal(due(START).length, 4, 'its meeting has changed since');
  assert.equal(
    store.read((r) => r.nextReminderAt(START)),
    null,
  );
  assert.equal(
    store.read((r) => r.nextReminderAt(0)),
    START - 300_000,
  );
});

test('a new lead moves what is not told yet, of one mailbox or of all without a lead of their own', (t) => {
  const { store, one, other } = filled(t);
  const dueOf = (mailboxId: number, eventId: string) =>
    store.read((r) => r.reminder(mailboxId, eventId)?.dueAt);
  store.write((w) => {
    w.putReminder({ ...reminder(one, 'b', null), told: 'reminder', version: 1, sentVersion: 1 });
    w.setReminderLead(one, 600_000);
    w.moveReminders(one, 600_000);
    w.moveReminders(null, 0);
  });
  assert.deepEqual([dueOf(one, 'a'), dueOf(one, 'b')], [START - 600_000, null]);
  assert.deepEqual([dueOf(other, 'a'), dueOf(other, 'b')], [START, START]);
  assert.deepEqual(keys(store.read((r) => r.toldReminders(one))), [`${one}/b`]);
});

test('the sent version never goes back, and what is sent is not planned any more', (t) => {
  const { store, one } = filled(t);
  store.write((w) => {
    w.putReminder({ ...reminder(one, 'a', START), told: 'reminder', version: 2 });
    w.setReminderSent(one, 'a', 2);
    w.setReminderSent(one, 'a', 1);
  });
  const row = store.read((r) => r.reminder(one, 'a'));
  assert.deepEqual([row?.sentVersion, row?.dueAt], [2, null]);
});

test('a reminder goes with its meeting, and with its mailbox', (t) => {
  const { store, one } = filled(t);
  store.write((w) => w.deleteMeeting(one, 'a'));
  assert.equal(
    store.read((r) => r.reminder(one, 'a')),
    null,
  );
  store.write((w) => {
    w.putResync(one);
    w.setStripped(one, 'b', true);
    w.deleteMailbox(one);
  });
  assert.deepEqual(keys(store.read((r) => r.dueReminders(START, 10))).length, 2);
  assert.deepEqual(
    store.read((r) => [r.anyStripped(), r.resyncProgress().mailboxes]),
    [false, 0],
  );
});

test('an older database gets a reminder for what is ahead and no whole day', (t) => {
  const dataDir = folder(t);
  const before = new Database(join(dataDir, DATABASE_FILE));
  before.pragma(`application_id = ${0x4843616c}`);
  before.exec(INIT);
  before.pragma('user_version = 1');
  before.exec(
    "INSERT INTO mailboxes VALUES (7, 'person', NULL, NULL, x'01', x'02', 'activated', NULL, 0, 0, NULL, NULL)",
  );
  const now = Date.now();
  const put = before.prepare(
    `INSERT INTO meetings VALUES (7, ?, NULL, ?, 1, ?, NULL, NULL, NULL, NULL, ?, ?, 0, 1)`,
  );
  const rows = [
    ['ahead', 'listed', HOUR_MS, 2 * HOUR_MS],
    ['running', 'listed', -HOUR_MS, HOUR_MS],
    ['past', 'listed', -2 * HOUR_MS, -HOUR_MS],
    ['gone', 'withdrawn', HOUR_MS, 2 * HOUR_MS],
    ['all day', 'listed', HOUR_MS, 25 * HOUR_MS],
  ] as const;
  for (const [id, state, from, to] of rows) put.run(id, id, state, now + from, now + to);
  before.close();
  const store = opened(t, dataDir);
  assert.deepEqual(keys(store.read((r) => r.dueReminders(now + HOUR_MS, 10))), ['7/ahead']);
  assert.equal(store.read((r) => r.reminder(7, 'running'))?.dueAt, now - HOUR_MS - 300_000);
  for (const id of ['past', 'gone', 'all day'])
    assert.equal(
      store.read((r) => r.reminder(7, id)),
      null,
    );
  assert.equal(store.read((r) => r.mailbox(7))?.reminderLeadMs, null);
});
