import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { book } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { daily, inMinutes } from './future-event.ts';
import { change } from './scheduled-event.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const AHEAD_MS = 31 * DAY_MS;

async function watched(t: TestContext, webhooks = true) {
  const rig = await ConnectedRig.start(t, { webhooks });
  const astrid = rig.person(0);
  await rig.watch(astrid);
  const listed = () => rig.webex.listed(astrid.address);
  /** Books so many minutes behind the end of the list. */
  const bookBehind = async (minutes: number, members: object = {}) => {
    const { startAt, ...span } = inMinutes(rig.deps.clock.now() + AHEAD_MS, minutes);
    const event = await book(rig.cloud, astrid, { ...span, ...members });
    await rig.settled();
    return { event, edgeAt: startAt - AHEAD_MS };
  };
  const jumpTo = async (instant: number) => {
    rig.jump(instant - rig.deps.clock.now());
    await rig.settled();
  };
  return { rig, astrid, listed, bookBehind, jumpTo };
}

for (const webhooks of [true, false])
  test(`a meeting comes into the list when its time has come, ${webhooks ? 'told' : 'asked for'}`, async (t) => {
    const { rig, listed, bookBehind, jumpTo } = await watched(t, webhooks);
    const { edgeAt } = await bookBehind(5 * 60);
    // Without notifications it is found by asking.
    await jumpTo(edgeAt - 4 * HOUR_MS);
    await jumpTo(edgeAt - 1_000);
    assert.equal(listed(), 0);
    await jumpTo(edgeAt + 1);
    await rig.until(() => listed() === 1);
    assert.ok(rig.deps.clock.now() - edgeAt < MINUTE_MS);
  });

test('so does one of months ahead, one that is put off meanwhile, and one that something was arranged for', async (t) => {
  const { rig, astrid, listed, bookBehind, jumpTo } = await watched(t);
  const far = await bookBehind(60 * 24 * 60);
  const { event } = await bookBehind(60 * 24 * 60);
  const { edgeAt } = await bookBehind(60 * 24 * 60 + 10, { location: { displayName: '@webex' } });
  const later = inMinutes(far.edgeAt + AHEAD_MS, 20);
  await change(rig, astrid, event, { start: later.start, end: later.end });
  await rig.settled();
  for (const [count, instant] of [far.edgeAt, edgeAt, later.startAt - AHEAD_MS].entries()) {
    await jumpTo(instant - MINUTE_MS);
    assert.equal(listed(), count);
    await jumpTo(instant + MINUTE_MS);
    await rig.until(() => listed() === count + 1);
  }
});

test('each day of a series comes when the list reaches it', async (t) => {
  const { rig, astrid, jumpTo } = await watched(t);
  const series = await book(rig.cloud, astrid, daily(60));
  await rig.settled();
  const firstAt = Date.parse(`${series.start.dateTime.slice(0, 19)}Z`);
  const isListed = (startAt: number) =>
    rig.webex.starts(astrid.address).includes(new Date(startAt).toISOString());
  const count = rig.webex.listed(astrid.address);
  for (const n of [count, count + 1, count + 2]) {
    const startAt = firstAt + n * DAY_MS;
    await jumpTo(startAt - AHEAD_MS - MINUTE_MS);
    assert.ok(isListed(startAt - DAY_MS) && !isListed(startAt));
    await jumpTo(startAt - AHEAD_MS + MINUTE_MS);
    await rig.until(() => isListed(startAt));
  }
});

test('a clock that was an hour ahead for a while keeps nothing out', async (t) => {
  const { rig, listed, bookBehind, jumpTo } = await watched(t);
  const { edgeAt } = await bookBehind(30);
  await jumpTo(edgeAt + 30 * MINUTE_MS);
  await rig.until(() => listed() === 1);
  await jumpTo(edgeAt - 30 * MINUTE_MS);
  // The hourly round takes out what lies beyond.
  rig.deps.store.write((w) => w.enqueue({ ...HOURLY, runAt: 0 }, 0));
  rig.worker.wake();
  await rig.until(() => listed() === 0);
  await rig.settled();
  await jumpTo(edgeAt + 1_000);
  await rig.until(() => listed() === 1);
});

const HOURLY = { kind: 'prune', key: '', mailboxId: null, eventId: null, merge: 'earliest' } as const;
