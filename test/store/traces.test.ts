import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MeetingRow } from '../../src/domain/rows.ts';
import { opened } from './store-rig.ts';

const MEETING: Omit<MeetingRow, 'mailboxId'> = {
  eventId: 'e1',
  seriesId: null,
  meetingId: 'm1',
  version: 1,
  state: 'listed',
  changeKey: 'k1',
  keyUri: null,
  envelope: null,
  contentHash: null,
  startAt: 1000,
  endAt: 2000,
  changedAt: 1,
  deliveredVersion: 0,
};

test('a mailbox’s last traces come with the start of their meetings, or only those of a meeting at a time', (t) => {
  const store = opened(t);
  const mailboxId = store.write((w) => {
    const bytes = new Uint8Array([1]);
    const { id } = w.addMailbox(
      { kind: 'person', addressSealed: bytes, addressHash: bytes, addressKey: 'd' },
      0,
    );
    w.putMeeting({ ...MEETING, mailboxId: id });
    w.addTrace({ at: 1, mailboxId: id, eventId: 'e1', code: 'LISTED' });
    w.addTrace({ at: 2, mailboxId: id, eventId: 'e1', code: 'JOIN_TARGET zoom body ONLY_CANDIDATE' });
    w.addTrace({ at: 3, mailboxId: id, eventId: 'e2', code: 'DRAFT' });
    return id;
  });
  const rows = (during: number | null, limit = 10) =>
    store.read((r) => r.traceLines(mailboxId, during, limit)).map(({ at, startAt }) => [at, startAt]);
  const all = [
    [1, 1000],
    [2, 1000],
    [3, null],
  ];
  assert.deepEqual(rows(null), all);
  assert.deepEqual(rows(null, 1), all.slice(2));
  assert.deepEqual(rows(1999), all.slice(0, 2));
  assert.deepEqual(rows(2000), []);
});
