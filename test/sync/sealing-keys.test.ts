import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { CalendarEvent } from '../../src/domain/calendar-event.ts';
import type { MeetingItem } from '../../src/domain/ports.ts';
import { refusalOf } from '../../src/kms/kms-fault.ts';
import { openField } from '../../src/seal/jwe.ts';
import { deliver } from '../../src/sync/deliver.ts';
import { syncEvent } from '../../src/sync/sync-event.ts';
import { bytesOf } from './played-kms.ts';
import { calendarEvent, NOW, syncRig } from './sync-rig.ts';

const DAY_MS = 86_400_000;
const KEY = 'kms://k';
const GONE = refusalOf({ status: 404 }, true);
const REFUSED = refusalOf({ status: 403 }, true);
const REVOKED = refusalOf({ status: 405, errorCode: 405005 }, true);

/** One mailbox with one event, which is read, sealed and delivered as often as the test wants. */
async function start(t: TestContext) {
  const sent: { item: MeetingItem; version: number }[] = [];
  const state: { event: CalendarEvent } = { event: calendarEvent() };
  const rig = await syncRig(t, {
    graph: { readEvent: async () => ({ kind: 'found', event: state.event }) },
    sink: {
      put: async (_, item, version) => {
        sent.push({ item, version });
        return 'updated';
      },
    },
  });
  const { deps, mailbox, job } = rig;
  const write = async (kind: 'sync-event' | 'deliver') => {
    const closing = await (kind === 'deliver' ? deliver : syncEvent)(deps, { ...job, kind });
    deps.store.write((w) => closing.write(w));
    closing.told();
  };
  return {
    ...rig,
    sent,
    read: async (subject: string, more: Partial<CalendarEvent> = {}) => {
      state.event = calendarEvent({ subject, changeKey: subject, ...more });
      await write('sync-event');
    },
    /** Reads it once more as it is. */
    readAgain: () => write('sync-event'),
    deliver: () => write('deliver'),
    meeting: () => deps.store.read((r) => r.meeting(mailbox.id, 'event')),
    key: (uri: string) => deps.store.read((r) => r.key(uri)),
    waiting: () => deps.store.read((r) => r.jobCounts()).map(({ kind, waiting }) => `${kind} ${waiting}`),
    traces: () => deps.store.read((r) => r.traces(mailbox.id, 'event')).map(({ code }) => code),
  };
}

for (const [what, refuse] of [
  ['expired', (kms: { ended: Set<string> }) => kms.ended.add(KEY)],
  ['gone', (kms: { refused: Map<string, Error> }) => kms.refused.set(KEY, GONE)],
  ['refused', (kms: { refused: Map<string, Error> }) => kms.refused.set(KEY, REFUSED)],
] as const) {
  test(`a sealing key that is ${what} is ended at once, and the job goes on with a new one`, async (t) => {
    const { kms, read, deliver, meeting, key, sent, told } = await start(t);
    refuse(kms as never);
    await read('Budget');
    assert.equal(meeting()?.keyUri, 'kms://made/1');
    const { sealUntil, renewAt } = key(KEY) ?? {};
    assert.deepEqual([sealUntil, renewAt], [NOW, null]);
    await deliver();
    assert.equal(sent[0]?.item.encryptionKeyUrl, 'kms://made/1');
    assert.deepEqual(told, ['keyEnded', 'keysIssued', 'meetingSealed', 'delivered']);
  });
}

test('a revoked key stops the mailbox and is replaced by nobody', async (t) => {
  const { kms, read, meeting, key } = await start(t);
  kms.refused.set(KEY, REVOKED);
  await assert.rejects(read('Budget'), { reason: 'KMS_KEY_REVOKED', scope: 'mailbox' });
  assert.equal(meeting(), null);
  assert.deepEqual(kms.posts, []);
  assert.notEqual(key(KEY)?.renewAt, null);
});

test('a mailbox for which the KMS makes no good key rests and is tried again, and its change is kept', async (t) => {
  const { kms, read } = await start(t);
  kms.ended.add(KEY).add('kms://made/1');
  await assert.rejects(read('Budget'), { reason: 'KMS_KEY_EXPIRED', scope: 'mailbox' });
  kms.unwanted.set('webex', refusalOf({ status: 400 }, false));
  kms.ended.add('kms://made/1');
  await assert.rejects(read('Budget'), { reason: 'KMS_REQUEST_REFUSED', scope: 'mailbox' });
  kms.unwanted.clear();
  kms.sealUntil = NOW;
  await assert.rejects(read('Budget'), { reason: 'KMS_KEY_EXPIRED', scope: 'mailbox' });
});

test('what is delivered late is opened with its own key and sealed with the one that seals now', async (t) => {
  const { deps, kms, read, deliver, meeting, sent, pass } = await start(t);
  await read('Budget');
  pass(30 * DAY_MS);
  kms.ended.add(KEY);
  await deliver();
  assert.equal(meeting()?.keyUri, KEY, 'it is not sealed again for rest');
  const [first] = sent;
  assert.equal(first?.item.encryptionKeyUrl, 'kms://made/1');
  const text = openField(bytesOf('kms://made/1'), String(first?.item.encryptedSubject), { kid: '', ctx: '' });
  assert.equal(text, 'Budget');
  assert.equal(deps.store.read((r) => r.sealingKey(1, deps.clock.now()))?.uri, 'kms://made/1');
});

test('seals are counted with the row that they made: the envelope, and the fields that Webex took', async (t) => {
  const { read, deliver, key, sent } = await start(t);
  await read('Budget');
  assert.equal(key(KEY)?.seals, 1);
  await deliver();
  const fields = JSON.stringify(sent[0]?.item).match(/"eyJ[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+"/g) ?? [];
  assert.ok(fields.length > 2);
  assert.equal(key(KEY)?.seals, 1 + fields.length);
});

test('what a lost key sealed is read anew, compared with nothing and delivered under a new key', async (t) => {
  const { kms, read, readAgain, deliver, meeting, waiting, sent, traces } = await start(t);
  await read('Budget');
  kms.refused.set(KEY, GONE);
  await deliver();
  assert.deepEqual([sent.length, traces().at(-1)], [0, 'KEY_LOST']);
  assert.ok(waiting().includes('sync-event 1'));
  await readAgain();
  assert.deepEqual([meeting()?.version, meeting()?.keyUri], [2, 'kms://made/1']);
  await deliver();
  assert.deepEqual([sent[0]?.version, sent[0]?.item.encryptionKeyUrl], [2, 'kms://made/1']);
});

test('an older key that is lost or revoked does not stop what is sealed under its successor', async (t) => {
  for (const refusal of [GONE, REVOKED]) {
    const { deps, kms, read, meeting, pass } = await start(t);
    await read('Budget');
    pass(1);
    deps.store.write((w) => {
      const key = w.key(KEY);
      if (key !== null)
        w.addKey({ ...key, uri: 'kms://next', createdAt: deps.clock.now(), renewAt: 1, sealUntil: 2e15 });
    });
    kms.refused.set(KEY, refusal);
    await read('Budget, changed');
    assert.deepEqual([meeting()?.version, meeting()?.keyUri], [2, 'kms://next']);
  }
});

test('the fields on the wire need the key and the directory key together, and neither is copied', async (t) => {
  const { kms, read, deliver } = await start(t);
  await read('Budget');
  kms.lent.length = 0;
  await deliver();
  assert.deepEqual(kms.lent.slice(-3), [KEY, KEY, 'kms://d']);
});

test('a directory key that is lost takes the Webex ids from the items and stops no delivery', async (t) => {
  const { kms, read, deliver, sent } = await start(t);
  await read('Budget');
  await deliver();
  assert.equal(sent[0]?.item.organizer, 'webex');
  kms.refused.set('kms://d', REVOKED);
  await read('Budget, changed');
  await deliver();
  assert.deepEqual([sent[1]?.version, sent[1]?.item.organizer], [2, undefined]);
});

test('nor does it stop that of a meeting which may be held in a space', async (t) => {
  const { kms, read, deliver, sent } = await start(t);
  kms.refused.set('kms://d', REVOKED);
  const displayName = 'https://nordwind.webex.com/nordwind/j.php?MTID=m0123456789abcdef0123456789abcdef';
  await read('Budget', { locations: [{ displayName, uri: null, raw: { displayName } }] });
  await deliver();
  assert.equal(sent[0]?.version, 1);
});
