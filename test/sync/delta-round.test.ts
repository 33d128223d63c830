import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { at, book } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { daily, tomorrow, wholeDay } from './future-event.ts';

const ROUNDS = /calendarView\/delta/;
/** Longer than the longest pace. */
const NEXT_ROUND_MS = 6 * 60_000;
const DAY_MS = 86_400_000;
/** Longer than a window stays fresh. */
const NEXT_DAY_MS = DAY_MS + 5_000;
/** What was changed so long ago is shown by delta rounds alone. */
const LONG_AGO_MS = 4 * DAY_MS;

async function order(rig: ConnectedRig, misbehaviour: object): Promise<void> {
  assert.equal((await rig.cloud.control('POST', 'misbehaviour', misbehaviour)).status, 201);
}

async function cancel(rig: ConnectedRig, owner: Person, event: { readonly id: string }): Promise<void> {
  const as = rig.cloud.context.directory.outlook;
  assert.equal((await rig.cloud.call('DELETE', at(owner, event), { as })).status, 204);
}

const listed = (rig: ConnectedRig, owner: Person) => rig.webex.subjects(owner.address);

test('a token that dies in the middle of a round costs no deletion (promise 8)', async (t) => {
  const rig = await ConnectedRig.start(t, { webhooks: false });
  const astrid = rig.person(0);
  const first = await book(rig.cloud, astrid, { subject: 'Goes', ...tomorrow() });
  await book(rig.cloud, astrid, { subject: 'Stays', ...tomorrow() });
  await rig.watch(astrid);
  assert.deepEqual(await listed(rig, astrid), ['Goes', 'Stays']);
  await cancel(rig, astrid, first);
  await order(rig, { kind: 'empty-page', times: 1 });
  await order(rig, { kind: 'delta-gone', when: 'middle', times: 1 });
  rig.asked.length = 0;
  rig.jump(NEXT_ROUND_MS);
  await rig.until(async () => (await listed(rig, astrid)).length === 1);
  assert.deepEqual(await listed(rig, astrid), ['Stays']);
  const [link, middle, fresh] = rig.calls(ROUNDS).map(({ path }) => path);
  assert.match(link ?? '', /deltatoken/i);
  assert.match(middle ?? '', /skiptoken/i);
  assert.match(fresh ?? '', /startDateTime=/);
});

test('occurrences that come without subject and master get both from their series (promise 9)', async (t) => {
  const rig = await ConnectedRig.start(t, { webhooks: false });
  const astrid = rig.person(0);
  await order(rig, { kind: 'master-missing' });
  await book(rig.cloud, astrid, { subject: 'Daily', ...daily(5) });
  rig.jump(LONG_AGO_MS);
  await rig.watch(astrid);
  // The first two lie before the window.
  assert.deepEqual(await listed(rig, astrid), ['Daily', 'Daily', 'Daily']);
});

test('whole days count from midnight to midnight at both borders of the window (promise 20)', async (t) => {
  const rig = await ConnectedRig.start(t, { webhooks: false });
  const astrid = rig.person(0);
  const then = LONG_AGO_MS / DAY_MS;
  for (const day of [-3, -2, -1, 0, 30, 31, 32, 33])
    await book(rig.cloud, astrid, { subject: `Day ${day}`, ...wholeDay(then + day) });
  // To noon: an hour more than a day later it is the next day, at whatever time this is run.
  rig.jump(LONG_AGO_MS + DAY_MS / 2 - (Date.now() % DAY_MS));
  await rig.watch(astrid);
  // The window is a day back and 31 ahead, from noon.
  assert.deepEqual(await listed(rig, astrid), ['Day -1', 'Day 0', 'Day 30', 'Day 31']);
  rig.jump(NEXT_DAY_MS);
  await rig.until(async () => (await listed(rig, astrid)).includes('Day 32'));
  await rig.settled();
  assert.equal((await listed(rig, astrid)).includes('Day 33'), false);
});
