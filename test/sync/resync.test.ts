import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askResync } from '../../src/sync/resync.ts';
import { book } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { daily, tomorrow } from './future-event.ts';

const ROUND = /^GET .*\/calendarView\/delta\?.*startDateTime/;

async function finished(rig: ConnectedRig): Promise<void> {
  await rig.until(() => {
    // The looks between have a second of rest.
    if (
      rig.jobs("kind = 'resync' AND ? > 0").length > 0 &&
      rig.jobs("state = 'leased' AND ? > 0").length === 0
    )
      rig.jump(1_000);
    return rig.deps.store.read((r) => r.resyncProgress()).mailboxes === 0;
  });
}

test('every meeting is delivered anew, under its own id and with the next version, however often it is asked for', async (t) => {
  const rig = await ConnectedRig.start(t);
  const [astrid, bruno] = [rig.person(0), rig.person(1)];
  await rig.watch(astrid, bruno);
  await book(rig.cloud, astrid, tomorrow());
  await book(rig.cloud, astrid, daily(3));
  await rig.until(() => rig.webex.listed(astrid.address) === 4);
  await rig.settled();
  const { id } = await rig.mailbox(astrid);
  const versions = () =>
    new Map(rig.deps.store.read((r) => r.meetingsOf(id)).map((row) => [row.meetingId, row.version]));
  const before = versions();
  rig.asked.length = 0;
  for (let again = 0; again < 3; again += 1) assert.equal(askResync(rig.deps, id), true);
  assert.ok(rig.deps.store.read((r) => r.resyncProgress()).mailboxes === 1);
  await rig.until(() => rig.deps.store.read((r) => r.owesFreshRound(id)) || rig.calls(ROUND).length > 0);
  assert.equal(askResync(rig.deps, id), true);
  await finished(rig);
  await rig.settled();
  assert.deepEqual(versions(), new Map([...before].map(([meetingId, version]) => [meetingId, version + 1])));
  assert.ok(
    rig.deps.store.read((r) => r.meetingsOf(id)).every((row) => row.deliveredVersion === row.version),
  );
  assert.equal(rig.webex.listed(astrid.address), 4);
  assert.equal(rig.calls(ROUND).length, 1, 'one round over the whole window');
  assert.equal(askResync(rig.deps, 4711), false);
});

test('all mailboxes go through, and one in trouble is told apart and follows later', async (t) => {
  const rig = await ConnectedRig.start(t);
  const [astrid, bruno] = [rig.person(0), rig.person(1)];
  await rig.watch(astrid, bruno);
  for (const one of [astrid, bruno]) await book(rig.cloud, one, tomorrow());
  await rig.until(() => [astrid, bruno].every(({ address }) => rig.webex.listed(address) === 1));
  await rig.settled();
  const versionOf = async (one: typeof astrid) => {
    const { id } = await rig.mailbox(one);
    return rig.deps.store.read((r) => r.meetingsOf(id))[0]?.version;
  };
  const state = (word: string) =>
    rig.cloud.control('PUT', 'mailbox-state', { mailbox: bruno.address, state: word });
  await state('moving');
  askResync(rig.deps, null);
  await rig.until(async () => {
    rig.jump(1_000);
    const { mailboxes, resting } = rig.deps.store.read((r) => r.resyncProgress());
    return mailboxes === 1 && resting === 1;
  });
  assert.deepEqual([await versionOf(astrid), await versionOf(bruno)], [2, 1]);
  await state('ok');
  rig.jump(16 * 60_000);
  await finished(rig);
  assert.deepEqual([await versionOf(astrid), await versionOf(bruno)], [2, 2]);
});

test('a meeting that something was arranged for is delivered anew like any other', async (t) => {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  await book(rig.cloud, astrid, { ...tomorrow(), location: { displayName: '@webex' } });
  await rig.until(async () => (await rig.webex.joinUrls(astrid.address)).length === 1);
  await rig.settled();
  const { id } = await rig.mailbox(astrid);
  askResync(rig.deps, id);
  await finished(rig);
  await rig.settled();
  const rows = rig.deps.store.read((r) => r.meetingsOf(id));
  assert.deepEqual(
    rows.map(({ version, deliveredVersion }) => [version, deliveredVersion]),
    [[2, 2]],
  );
});
