import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ConnectedRig } from './connected-rig.ts';

const MINUTE_MS = 60_000;

/** Sets an absence from and to so many minutes from now. */
async function plan(rig: ConnectedRig, from: number, to: number): Promise<void> {
  const at = (minutes: number) => {
    const instant = new Date(rig.deps.clock.now() + minutes * MINUTE_MS);
    return { dateTime: instant.toISOString().slice(0, 19), timeZone: 'UTC' };
  };
  const automaticRepliesSetting = {
    status: 'scheduled',
    scheduledStartDateTime: at(from),
    scheduledEndDateTime: at(to),
  };
  const as = rig.cloud.context.directory.outlook;
  const path = `/users/${rig.person(0).entraId}/mailboxSettings`;
  const set = await rig.cloud.call('PATCH', path, { as, body: { automaticRepliesSetting } });
  assert.equal(set.status, 200);
}

/** An absence that begins in nineteen minutes, lasts thirty and is known. */
async function absenceAhead(t: TestContext): Promise<ConnectedRig> {
  const rig = await ConnectedRig.start(t, { webhooks: false });
  await rig.watch(rig.person(0));
  await plan(rig, 30, 60);
  rig.jump(11 * MINUTE_MS);
  await rig.until(() => rig.jobs("kind = 'presence' AND ? > 0").length > 0);
  await rig.settled();
  return rig;
}

test('the edges of a scheduled absence are kept by our own clock, without a word from Graph (promise 19)', async (t) => {
  const rig = await absenceAhead(t);
  assert.deepEqual(rig.webex.presences, []);
  // From now on the tenant answers nothing.
  await rig.cloud.control('PUT', 'consent', { withdrawn: 'Authorization_RequestDenied' });
  rig.jump(18 * MINUTE_MS);
  await rig.until(() => rig.changes.length > 0);
  assert.deepEqual(rig.webex.presences, [], 'a minute before its beginning');
  rig.jump(MINUTE_MS);
  await rig.until(() => rig.webex.presences.length === 1);
  rig.jump(29 * MINUTE_MS);
  rig.jump(MINUTE_MS);
  await rig.until(() => rig.webex.presences.length === 2);
  assert.deepEqual(rig.webex.presences, [true, false]);
});

test('they are kept while Microsoft shuts us out of the mailbox', async (t) => {
  const rig = await absenceAhead(t);
  const order = { mailbox: rig.person(0).address, state: 'moved' };
  assert.equal((await rig.cloud.control('PUT', 'mailbox-state', order)).status, 204);
  rig.jump(10 * MINUTE_MS);
  await rig.until(async () => (await rig.mailbox(rig.person(0))).state === 'error');
  rig.jump(10 * MINUTE_MS);
  await rig.until(() => rig.webex.presences.length === 1);
  rig.jump(30 * MINUTE_MS);
  await rig.until(() => rig.webex.presences.length === 2);
  assert.deepEqual(rig.webex.presences, [true, false]);
  assert.equal((await rig.mailbox(rig.person(0))).state, 'error');
});

test('an absence that begins while Webex is away is told when it is back, and not at its end', async (t) => {
  const rig = await absenceAhead(t);
  rig.webex.isDown = true;
  rig.jump(19 * MINUTE_MS);
  await rig.until(() => rig.changes.some(({ upstream }) => upstream === 'webex'));
  rig.webex.isDown = false;
  rig.jump(2 * MINUTE_MS);
  await rig.until(() => rig.webex.presences.length === 1);
  assert.deepEqual(rig.webex.presences, [true]);
});
