import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ApplianceDatabase, notificationKey } from '../../../scripts/crash/appliance-database.ts';
import { realClock } from '../../../src/ops/clock.ts';
import { systemRandom } from '../../../src/ops/random.ts';
import { openStore } from '../../../src/store/open.ts';
import { arrangement } from '../../sync/sync-rig.ts';

const HOUR_MS = 3_600_000;

function opened(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'crash-'));
  const random = systemRandom();
  const store = openStore({ dataDir: join(directory, 'data'), clock: realClock(), random });
  t.after(() => rmSync(directory, { recursive: true }));
  const mailbox = store.write((w) => {
    const addressHash = random.bytes(32);
    const sealed = { addressSealed: random.bytes(64), addressHash, addressKey: 'kms://d' };
    const row = w.addMailbox({ kind: 'person', ...sealed }, 0);
    w.setMailboxIdentity(row.id, { guid: 'guid', webexId: 'webex' });
    w.setMailboxState(row.id, { state: 'activated', reason: null, failures: 0, retryAt: null }, 0);
    return row;
  });
  const file = join(directory, 'data', 'hybrid-calendar.db');
  return { store, mailbox, file, database: new ApplianceDatabase(directory) };
}

test('reads what the appliance holds while it has the file open', (t) => {
  const { store, mailbox, database } = opened(t);
  t.after(() => store.close());
  const ids = { mailboxId: mailbox.id, eventId: 'e' };
  const job = { ...ids, kind: 'sync-event', key: 'k', merge: 'earliest' } as const;
  store.write((w) => {
    w.addInbox({ ...ids, subscriptionId: 's', changeType: 'updated', etag: 't' }, 1);
    w.enqueue({ ...job, runAt: 1 }, 1);
    w.enqueue({ ...job, kind: 'delta-round', runAt: 10 * HOUR_MS }, 1);
    w.raiseAlarm('dead-jobs', '', 'X', 1);
    w.putArrangement(arrangement(mailbox, { eventId: 'e' }));
    w.putArrangement(arrangement(mailbox, { eventId: 'f', writtenAt: 1 }));
    w.putMeeting({ ...MEETING, ...ids });
  });
  assert.deepEqual([...database.notifications()], [notificationKey('s', 'e', 'updated', 't')]);
  assert.deepEqual(database.meetings(), [{ webexId: 'webex', eventId: 'e', meetingId: 'm' }]);
  assert.deepEqual([...database.intendedWrites()], ['e']);
  assert.equal(database.alarms().length, 1);
  assert.equal(database.integrity(), 'ok');
  // The nightly reading is a plan, no work that waits.
  assert.deepEqual(
    database.openJobs(1).map(({ kind, n }) => [kind, n]),
    [['sync-event', 1]],
  );
});

test('tells jobs that are being worked on, and those that were given up', (t) => {
  const { store, mailbox, database } = opened(t);
  t.after(() => store.close());
  const job = { mailboxId: mailbox.id, eventId: 'e', kind: 'deliver', key: 'k', merge: 'earliest' } as const;
  store.write((w) => w.enqueue({ ...job, runAt: 1 }, 1));
  const [leased] = store.write((w) => w.lease(['deliver'], 1, 1, HOUR_MS));
  assert.ok(leased);
  assert.equal(database.leasedJobs(), 1);
  assert.equal(database.openJobs(1).length, 1);
  store.write((w) => w.bury(leased, 'X', 2));
  assert.equal(database.leasedJobs(), 0);
  assert.deepEqual(
    database.deadJobs().map(({ kind, reason }) => [kind, reason]),
    [['deliver', 'X']],
  );
});

test('finds a damaged file', (t) => {
  const { store, database, file } = opened(t);
  store.close();
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(2_000, 0xff), 0, 2_000, statSync(file).size - 3_000);
  closeSync(handle);
  assert.notEqual(database.integrity(), 'ok');
});

const MEETING = {
  meetingId: 'm',
  seriesId: null,
  version: 1,
  state: 'withdrawn',
  changeKey: null,
  contentHash: null,
  keyUri: null,
  envelope: null,
  startAt: 0,
  endAt: 1,
  changedAt: 0,
  deliveredVersion: 1,
} as const;
