import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LeasedJob } from '../../src/domain/job.ts';
import { markText } from '../../src/domain/mark.ts';
import type { SyncDeps } from '../../src/sync/sync-deps.ts';
import { syncEvent } from '../../src/sync/sync-event.ts';
import { arrangement, calendarEvent, NOW, syncRig } from './sync-rig.ts';

const displayName = 'https://nordwind.webex.com/meet/astrid';
const locations = [{ displayName, uri: null, raw: { displayName } }];
const MARK = markText({ id: 'mark-1', typed: '@webex' });
const reads = (mark: string | null) => ({
  readEvent: () =>
    Promise.resolve({ kind: 'found', event: calendarEvent({ mark, changeKey: 'k2', locations }) } as const),
});

/** The job as the worker runs it: what it leaves behind is written, then told. */
async function settle(deps: SyncDeps, job: LeasedJob): Promise<void> {
  const closing = await syncEvent(deps, job);
  deps.store.write((w) => closing.write(w));
  closing.told();
}

test('notes the outcome of a write that landed although its answer was never heard', async (t) => {
  const { deps, mailbox, told, job } = await syncRig(t, { graph: reads(MARK) });
  deps.store.write((w) => w.putArrangement(arrangement(mailbox)));
  await settle(deps, job);
  const noted = arrangement(mailbox, { writtenChangeKey: 'k2', writtenAt: NOW });
  assert.deepEqual(
    deps.store.read((r) => r.arrangement(mailbox.id, 'event')),
    noted,
  );
  assert.deepEqual(told, ['eventDecorated', 'meetingSealed']);
  const traces = deps.store.read((r) => r.traces(mailbox.id, 'event')).map(({ code }) => code);
  assert.deepEqual(traces.slice(0, 3), ['DECORATED', 'MAILS 0', 'LISTED']);
});

test('notes nothing for a write that did not land, and nothing twice', async (t) => {
  const none = await syncRig(t, { graph: reads(null) });
  none.deps.store.write((w) => w.putArrangement(arrangement(none.mailbox)));
  await settle(none.deps, none.job);
  assert.deepEqual(none.told, ['meetingSealed']);
  const known = await syncRig(t, { graph: reads(MARK) });
  const written = arrangement(known.mailbox, { writtenChangeKey: 'k1', writtenAt: NOW - 1 });
  known.deps.store.write((w) => w.putArrangement(written));
  await settle(known.deps, known.job);
  assert.deepEqual(known.told, ['meetingSealed']);
  assert.deepEqual(
    known.deps.store.read((r) => r.arrangement(known.mailbox.id, 'event')),
    written,
  );
});
