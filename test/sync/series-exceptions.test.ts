import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { readHtml } from '../../src/domain/html-text.ts';
import { acceptHints } from '../../src/sync/intake.ts';
import { askUndecoration } from '../../src/sync/undecorate.ts';
import { book } from '../staging/graph-calendar.ts';
import type { AnswerBody } from '../staging/simulated-cloud.ts';
import { type ConnectedOptions, ConnectedRig } from './connected-rig.ts';
import { daily, tomorrow } from './future-event.ts';
import { change, codes, linkOf, meetings, now, occurrenceOf, ownWrites } from './scheduled-event.ts';

type GraphTime = AnswerBody['start'];
const PATCHES = /^PATCH .*\/events\//;
const DAY_MS = 86_400_000;
const at = (displayName: string) => ({ location: { displayName } });

async function watched(t: TestContext, options: ConnectedOptions = {}) {
  const rig = await ConnectedRig.start(t, options);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  return { rig, astrid };
}

/** Five days, answered. */
async function oneTimeSeries(t: TestContext, options: ConnectedOptions = {}) {
  const { rig, astrid } = await watched(t, options);
  const body = { contentType: 'html', content: '<html><body><p>See you there</p></body></html>' };
  const series = await book(rig.cloud, astrid, { ...daily(5), ...at('@webex:onetime'), body });
  await rig.settled();
  return { rig, astrid, series };
}

/** Webex has no words for it. */
function onEach30th({ start }: AnswerBody): object {
  const pattern = { type: 'absoluteMonthly', interval: 1, dayOfMonth: 30 };
  return { recurrence: { pattern, range: { type: 'noEnd', startDate: start.dateTime.slice(0, 10) } } };
}

test('a keyword on an occurrence brings one meeting, although its series is looked at in the same moment', async (t) => {
  const { rig, astrid } = await watched(t);
  const { id: mailboxId } = await rig.mailbox(astrid);
  for (const made of [1, 2, 3]) {
    const series = await book(rig.cloud, astrid, daily(4));
    await rig.settled();
    const second = await occurrenceOf(rig, astrid, series, 1);
    await change(rig, astrid, second, at('@webex:onetime'));
    const hints = [series, second].map(({ id: eventId }) => {
      return { subscriptionId: '', mailboxId, eventId, changeType: 'updated', etag: String(made) } as const;
    });
    await acceptHints(rig.deps, hints);
    await rig.settled();
    assert.equal((await meetings(rig)).length, made);
  }
});

test('an exception whose keyword is that of its undecorated series is left alone like it; another one is answered', async (t) => {
  const { rig, astrid, series } = await oneTimeSeries(t);
  await askUndecoration(rig.deps, null, false);
  await rig.settled();
  const [first, second] = [
    await occurrenceOf(rig, astrid, series, 0),
    await occurrenceOf(rig, astrid, series, 1),
  ];
  await change(rig, astrid, first, { subject: 'Edited' });
  await rig.settled();
  assert.equal((await now(rig, astrid, first)).location.displayName, '@webex:onetime');
  assert.deepEqual(await meetings(rig), []);
  await change(rig, astrid, second, at('@webex'));
  await rig.settled();
  assert.match((await now(rig, astrid, second)).location.displayName, /\/meet\//);
});

test('an exception that loses our address loses the block with one write, and its series keeps the meeting', async (t) => {
  const { rig, astrid, series } = await oneTimeSeries(t);
  const second = await occurrenceOf(rig, astrid, series, 1);
  await change(rig, astrid, second, at('Room 7'));
  await rig.settled();
  const { body, location } = await now(rig, astrid, second);
  assert.equal(readHtml(body.content).text, 'See you there');
  assert.equal(location.displayName, 'Room 7');
  assert.equal(rig.calls(PATCHES).length, 2);
  const [held] = await meetings(rig);
  assert.equal((await now(rig, astrid, series)).location.displayName, linkOf(held ?? assert.fail()));
});

test('a series that Webex can’t repeat any more is served by the personal room, with one write', async (t) => {
  const { rig, astrid, series } = await oneTimeSeries(t);
  await change(rig, astrid, series, onEach30th(series));
  await rig.settled();
  const { body, location } = await now(rig, astrid, series);
  assert.match(location.displayName, /\/meet\/astrid/);
  assert.match(readHtml(body.content).text, /\/meet\/astrid\S*[\s\S]*See you there$/);
  assert.deepEqual(await meetings(rig), []);
  assert.equal(await ownWrites(rig), 2);
  assert.ok((await codes(rig, astrid, series)).includes('RECURRENCE_NOT_EXPRESSIBLE'));
  await askUndecoration(rig.deps, null, false);
  await rig.settled();
  assert.equal((await now(rig, astrid, series)).location.displayName, '@webex:onetime');
});

test('a series that Webex can’t repeat any more keeps its meeting where there is no personal room', async (t) => {
  const { rig, astrid, series } = await oneTimeSeries(t);
  rig.webex.setRoom(astrid.address, null);
  await change(rig, astrid, series, onEach30th(series));
  await rig.settled();
  const [held] = await meetings(rig);
  assert.equal((await now(rig, astrid, series)).location.displayName, linkOf(held ?? assert.fail()));
  assert.equal(held?.recurrence, 'FREQ=DAILY;COUNT=5');
  assert.ok((await codes(rig, astrid, series)).includes('NO_PERSONAL_ROOM'));
  assert.equal(await ownWrites(rig), 1);
});

test('another keyword on the series reaches an exception that held the answer to the first one, each with one write', async (t) => {
  const { rig, astrid, series } = await oneTimeSeries(t);
  const second = await occurrenceOf(rig, astrid, series, 1);
  await change(rig, astrid, second, { subject: 'Edited' });
  await rig.settled();
  await change(rig, astrid, series, at('@webex'));
  await rig.settled();
  for (const event of [series, second]) {
    const { body, location } = await now(rig, astrid, event);
    assert.match(location.displayName, /\/meet\/astrid/);
    assert.doesNotMatch(readHtml(body.content).text, /MTID/);
  }
  assert.deepEqual(await meetings(rig), []);
  assert.equal(await ownWrites(rig), 3);
});

test('an exception that somebody changes while it is put back is put back all the same', async (t) => {
  const { rig, astrid, series } = await oneTimeSeries(t);
  const second = await occurrenceOf(rig, astrid, series, 1);
  await change(rig, astrid, second, { subject: 'Edited' });
  await rig.settled();
  const hold = { kind: 'latency', method: 'PATCH', delayMs: 1_500, when: 'before', times: 1 };
  assert.equal((await rig.cloud.control('POST', 'misbehaviour', hold)).status, 201);
  await askUndecoration(rig.deps, null, false);
  await rig.until(() => rig.calls(PATCHES).length === 2);
  await change(rig, astrid, second, { subject: 'Edited again' });
  await rig.until(async () => (await codes(rig, astrid, series)).includes('UNDECORATED'));
  await rig.settled();
  for (const event of [series, second]) {
    const { body, location } = await now(rig, astrid, event);
    assert.equal(location.displayName, '@webex:onetime');
    assert.equal(readHtml(body.content).text, 'See you there');
  }
});

test('the last occurrence keeps its own meeting when it is moved far beyond the end of its series', async (t) => {
  const { rig, astrid } = await watched(t);
  const series = await book(rig.cloud, astrid, daily(4));
  await rig.settled();
  const last = await occurrenceOf(rig, astrid, series, 3);
  await change(rig, astrid, last, at('@webex:onetime'));
  await rig.settled();
  const [held] = await meetings(rig);
  await change(rig, astrid, last, tomorrow(60 * 24));
  await rig.settled();
  await change(rig, astrid, series, { subject: 'Other' });
  await rig.settled();
  const [moved, ...more] = await meetings(rig);
  assert.deepEqual(more, []);
  assert.deepEqual([moved?.id, (moved?.start ?? 0) - (held?.start ?? 0)], [held?.id, 57 * DAY_MS]);
});

test('a series that has begun keeps its time of day at Webex, although its next occurrence was moved', async (t) => {
  const scheduling = { existingTarget: 'keep', sharing: { title: true, people: false } } as const;
  const { rig, astrid, series } = await oneTimeSeries(t, { scheduling });
  const [first] = await meetings(rig);
  rig.jump(1.5 * DAY_MS);
  await rig.settled();
  const next = await occurrenceOf(rig, astrid, series, 0);
  const elsewhen = (time: GraphTime) => {
    const at = Date.parse(`${time.dateTime.slice(0, 19)}Z`);
    // Within its own day, at whatever time this is run: an occurrence never passes a neighbour.
    const moved = new Date(at + (at % DAY_MS < DAY_MS / 2 ? 30 : -30) * 60_000);
    return { ...time, dateTime: moved.toISOString().slice(0, 19) };
  };
  await change(rig, astrid, next, { start: elsewhen(next.start), end: elsewhen(next.end) });
  await rig.settled();
  await change(rig, astrid, series, { subject: 'Other' });
  await rig.settled();
  const [held] = await meetings(rig);
  assert.equal(held?.title, 'Other');
  assert.equal(((held?.start ?? 0) - (first?.start ?? 0)) % DAY_MS, 0);
});
