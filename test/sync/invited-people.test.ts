import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { book, guest } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { tomorrow } from './future-event.ts';
import { change, codes, meetings, ownWrites } from './scheduled-event.ts';

const PLACE = { location: { displayName: '@webex:onetime' } };

/** One event with these guests, answered, where people are shared. */
async function answered(t: TestContext, ...guests: readonly string[]) {
  const sharing = { title: false, people: true };
  const rig = await ConnectedRig.start(t, { scheduling: { existingTarget: 'keep', sharing } });
  const astrid = rig.person(0);
  await rig.watch(astrid);
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...PLACE, attendees: guests.map(guest) });
  await rig.settled();
  const invite = async (...addresses: readonly string[]) => {
    await change(rig, astrid, event, { attendees: addresses.map(guest) });
    await rig.settled();
  };
  return { rig, astrid, event, invite };
}

async function invitees(rig: ConnectedRig): Promise<string[]> {
  const [held, ...more] = await meetings(rig);
  assert.deepEqual(more, []);
  return (held?.invitees ?? []).map(({ email }) => email).toSorted();
}

/** What the host does in Webex. */
async function atWebex(rig: ConnectedRig, email: string): Promise<void> {
  const [held] = await meetings(rig);
  const body = { meetingId: held?.id, items: [{ email, sendEmail: false }] };
  const headers = { authorization: `Bearer ${rig.person(0).webexToken}` };
  const url = `${rig.cloud.context.baseUrl}/v1/meetingInvitees/bulkInsert`;
  const answer = await rig.cloud.call('POST', url, { body, headers });
  assert.equal(answer.status, 200, answer.text);
}

test('who is invited later or not any more is so at Webex, too, without a write or a mail of ours', async (t) => {
  const { rig, invite } = await answered(t, 'ann@other.example', 'bo@other.example');
  assert.deepEqual(await invitees(rig), ['ann@other.example', 'bo@other.example']);
  await invite('Bo@Other.example', 'cy@other.example', 'dan@other.example');
  assert.deepEqual(await invitees(rig), ['bo@other.example', 'cy@other.example', 'dan@other.example']);
  await invite();
  assert.deepEqual(await invitees(rig), []);
  assert.equal(await ownWrites(rig), 1);
  assert.deepEqual(Object((await rig.cloud.control('GET', '/webex/mails')).json).mails, []);
});

test('whom the host invited at Webex stays', async (t) => {
  const { rig, invite } = await answered(t, 'ann@other.example');
  await atWebex(rig, 'helper@other.example');
  await invite('bo@other.example');
  assert.deepEqual(await invitees(rig), ['bo@other.example', 'helper@other.example']);
});

test('people who are taken out go although Webex was away in between', async (t) => {
  const { rig, invite } = await answered(t, 'ann@other.example', 'bo@other.example');
  const order = { path: '/v1/meetingInvitees', method: 'DELETE', reset: true, when: 'after' };
  await rig.cloud.control('POST', '/webex/faults', order);
  await invite('cy@other.example');
  await rig.until(async () => (await invitees(rig)).join() === 'cy@other.example');
});

test('whom Webex does not take is told of and holds up nobody', async (t) => {
  const { rig, astrid, event, invite } = await answered(t, 'ann@other.example');
  const order = { path: '/v1/meetingInvitees', method: 'POST', status: 403, times: 2 };
  await rig.cloud.control('POST', '/webex/faults', order);
  await invite('ann@other.example', 'bo@other.example');
  assert.ok((await codes(rig, astrid, event)).includes('PEOPLE_NOT_INVITED'));
  assert.deepEqual(rig.changes, []);
  await invite('ann@other.example', 'bo@other.example', 'cy@other.example');
  assert.deepEqual(await invitees(rig), ['ann@other.example', 'bo@other.example', 'cy@other.example']);
});

test('nothing is asked about people where they are not shared', async (t) => {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  const attendees = [guest('ann@other.example')];
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...PLACE, attendees });
  await rig.settled();
  await rig.cloud.control('POST', '/webex/faults', { path: '/v1/meetingInvitees', status: 503, times: 9 });
  await change(rig, astrid, event, { ...tomorrow(3), attendees: [...attendees, guest('bo@other.example')] });
  await rig.settled();
  assert.ok((await codes(rig, astrid, event)).includes('MEETING_CHANGED'));
  assert.deepEqual(await invitees(rig), []);
});
