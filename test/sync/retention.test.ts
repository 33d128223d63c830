import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { MeetingRow } from '../../src/domain/rows.ts';
import { prune } from '../../src/sync/prune.ts';
import { deletedLastHour } from '../../src/sync/retention.ts';
import { storeMeeting } from '../../src/sync/store-meeting.ts';
import type { SyncDeps } from '../../src/sync/sync-deps.ts';
import { calendarEvent, NOW, syncRig } from './sync-rig.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Of an envelope, at least this much in a row would be recognised; its first byte tells the format and nothing else. */
const PIECE_BYTES = 24;

/** The rig on a clock of the test's own. */
async function open(t: TestContext) {
  const rig = await syncRig(t, {});
  let now = NOW;
  const deps: SyncDeps = { ...rig.deps, clock: { ...rig.deps.clock, now: () => now } };
  const list = async (id: string, startAt: number, endAt = startAt + HOUR_MS): Promise<MeetingRow> => {
    const closing = await storeMeeting(deps, rig.mailbox, calendarEvent({ id, startAt, endAt }), now);
    deps.store.write((w) => closing.write(w));
    const row = deps.store.read((r) => r.meeting(rig.mailbox.id, id));
    assert.ok(row !== null);
    return row;
  };
  const round = async (): Promise<void> => {
    const closing = await prune(deps);
    deps.store.write((w) => closing.write(w));
    closing.told();
  };
  const jump = (ms: number): void => {
    now += ms;
  };
  const state = (id: string) => deps.store.read((r) => r.meeting(rig.mailbox.id, id)?.state ?? 'gone');
  const deleted = () => deps.store.read((r) => deletedLastHour(r, now));
  const path: string = Object(Reflect.get(deps.store, 'database')).name;
  const files = (): Buffer[] => [readFileSync(path), readFileSync(`${path}-wal`)];
  return { deps, list, round, jump, state, deleted, files };
}

function holds(files: readonly Buffer[], envelope: Uint8Array): boolean {
  for (let at = 1; at + PIECE_BYTES <= envelope.length; at += PIECE_BYTES)
    if (files.some((bytes) => bytes.includes(envelope.subarray(at, at + PIECE_BYTES)))) return true;
  return false;
}

test('of a sealed item that left the window not one byte is left within the hour, in the database or its log', async (t) => {
  const { list, round, jump, state, files, deleted } = await open(t);
  const old = await list('old', NOW - DAY_MS);
  const kept = await list('kept', NOW + DAY_MS);
  assert.ok(old.envelope !== null && kept.envelope !== null);
  assert.ok(holds(files(), old.envelope), 'the search finds what is there');
  await round();
  assert.ok(holds(files(), old.envelope), 'it is inside the window');
  assert.equal(state('old'), 'listed');
  jump(6 * DAY_MS + 2 * HOUR_MS);
  await round();
  assert.deepEqual([state('old'), state('kept')], ['withdrawn', 'listed']);
  assert.equal(holds(files(), old.envelope), false);
  assert.ok(holds(files(), kept.envelope));
  assert.equal(files()[1]?.length, 0, 'the log is empty');
  assert.equal(deleted(), 1);
});

test('an earlier version of a sealed item is wiped as well', async (t) => {
  const { deps, list, files } = await open(t);
  const first = await list('moved', NOW + DAY_MS);
  const second = await list('moved', NOW + 2 * DAY_MS);
  assert.ok(first.envelope !== null && second.envelope !== null);
  assert.ok(holds(files(), first.envelope), 'the log holds it until it is emptied');
  assert.equal(deps.store.scrub(), true);
  assert.equal(holds(files(), first.envelope), false);
  assert.ok(holds(files(), second.envelope));
});

test('the window ends to the millisecond, back and ahead', async (t) => {
  const { list, round, state } = await open(t);
  const [back, ahead] = [NOW - 7 * DAY_MS, NOW + 31 * DAY_MS];
  await list('ended', back - HOUR_MS, back - 1);
  await list('ending', back - HOUR_MS, back);
  await list('beginning', ahead, ahead + HOUR_MS);
  await list('beyond', ahead + 1, ahead + HOUR_MS);
  await round();
  const states = ['ended', 'ending', 'beginning', 'beyond'].map(state);
  assert.deepEqual(states, ['withdrawn', 'listed', 'listed', 'withdrawn']);
});

test('a round of several slices is counted as one, and forgotten when it tells of no last hour any more', async (t) => {
  const { list, round, jump, deleted } = await open(t);
  for (let n = 0; n < 250; n += 1) await list(`event ${n}`, NOW - DAY_MS);
  jump(7 * DAY_MS);
  await round();
  assert.equal(deleted(), 200);
  await round();
  assert.equal(deleted(), 250);
  jump(HOUR_MS);
  await round();
  assert.equal(deleted(), 0);
  await list('late', NOW);
  jump(HOUR_MS);
  await round();
  assert.equal(deleted(), 1);
  jump(3 * HOUR_MS);
  assert.equal(deleted(), 0, 'no round has run since');
});

test('a withdrawn meeting that Webex knows of leaves no row after a month; an untold one stays', async (t) => {
  const { deps, list, round, jump, state } = await open(t);
  const told = await list('told', NOW - DAY_MS);
  await list('untold', NOW - DAY_MS);
  jump(7 * DAY_MS);
  await round();
  deps.store.write((w) => w.setDelivered(told.mailboxId, 'told', told.version + 1));
  jump(29 * DAY_MS);
  await round();
  assert.equal(state('told'), 'withdrawn');
  jump(2 * DAY_MS);
  await round();
  assert.deepEqual([state('told'), state('untold')], ['gone', 'withdrawn']);
});
