import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seedJobs } from '../../src/sync/start.ts';
import { book, patch } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { inMinutes } from './future-event.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The first person is out of office from now on. */
async function leave(rig: ConnectedRig): Promise<void> {
  const path = `/users/${rig.person(0).entraId}/mailboxSettings`;
  const body = { automaticRepliesSetting: { status: 'alwaysEnabled' } };
  await rig.cloud.call('PATCH', path, { as: rig.cloud.context.directory.outlook, body });
}

test('calendars and automatic replies are asked on although the clock was hours ahead', async (t) => {
  const rig = await ConnectedRig.start(t, { webhooks: false });
  const astrid = rig.person(0);
  await rig.watch(astrid);
  rig.jump(5 * HOUR_MS);
  await rig.settled();
  rig.jump(-5 * HOUR_MS);
  await rig.settled();
  const { startAt: _, ...span } = inMinutes(rig.deps.clock.now(), 60);
  await book(rig.cloud, astrid, { ...span, subject: 'Soon' });
  await leave(rig);
  rig.jump(11 * MINUTE_MS);
  await rig.until(() => rig.webex.listed(astrid.address) === 1 && rig.webex.presences.length === 1);
});

test('a reminder that waited for Webex when the clock was set back comes with its return', async (t) => {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  const { startAt, ...span } = inMinutes(rig.deps.clock.now(), 60);
  const event = await book(rig.cloud, astrid, span);
  await rig.until(() => rig.webex.listed(astrid.address) === 1);
  await rig.settled();
  rig.webex.isDown = true;
  rig.jump(startAt - rig.deps.clock.now());
  await rig.until(() => rig.changes.length > 0);
  rig.jump(-HOUR_MS);
  await rig.settled();
  const { startAt: sooner, ...now } = inMinutes(rig.deps.clock.now(), 3);
  await patch(rig.cloud, astrid, event, now);
  rig.webex.isDown = false;
  await rig.until(() => rig.webex.reminders.length === 1);
  assert.deepEqual(rig.webex.reminders, [['created', sooner]]);
});

test('automatic replies are asked for although the clock was set back while the appliance was down', async (t) => {
  const rig = await ConnectedRig.start(t);
  await rig.watch(rig.person(0));
  rig.jump(5 * HOUR_MS);
  await rig.settled();
  await rig.worker.stop();
  rig.jump(-5 * HOUR_MS);
  const again = rig.successor();
  seedJobs(rig.deps);
  again.start();
  await leave(rig);
  await rig.settled();
  rig.jump(11 * MINUTE_MS);
  await rig.until(() => rig.webex.presences.length === 1);
});
