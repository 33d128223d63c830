import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectedRig } from './connected-rig.ts';

const MINUTE_MS = 60_000;

test('the edges of a scheduled absence are kept by our own clock, without a word from Graph (promise 19)', async (t) => {
  const rig = await ConnectedRig.start(t, { webhooks: false });
  const astrid = rig.person(0);
  await rig.watch(astrid);
  const at = (minutes: number) => {
    const instant = new Date(rig.deps.clock.now() + minutes * MINUTE_MS);
    return { dateTime: instant.toISOString().slice(0, 19), timeZone: 'UTC' };
  };
  const automaticRepliesSetting = {
    status: 'scheduled',
    scheduledStartDateTime: at(30),
    scheduledEndDateTime: at(60),
  };
  const as = rig.cloud.context.directory.outlook;
  const path = `/users/${astrid.entraId}/mailboxSettings`;
  const set = await rig.cloud.call('PATCH', path, { as, body: { automaticRepliesSetting } });
  assert.equal(set.status, 200);
  rig.jump(11 * MINUTE_MS);
  await rig.until(() => rig.jobs("kind = 'presence' AND ? > 0").length > 0);
  await rig.settled();
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
