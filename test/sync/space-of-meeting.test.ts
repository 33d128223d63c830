import assert from 'node:assert/strict';
import { test } from 'node:test';
import { book, guest } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { daily, tomorrow } from './future-event.ts';
import { change, linkOf, meetings } from './scheduled-event.ts';
import { arrangement } from './sync-rig.ts';

const at = (displayName: string) => ({ location: { displayName } });

async function watched(t: Parameters<typeof ConnectedRig.start>[0]) {
  const rig = await ConnectedRig.start(t);
  const [astrid, bruno] = [rig.person(0), rig.person(1)];
  await rig.watch(astrid, bruno);
  return { rig, astrid, bruno, attendees: [guest(bruno.address)] };
}

async function spaceIds(rig: ConnectedRig): Promise<string[]> {
  const { rooms } = Object((await rig.cloud.control('GET', '/webex/rooms')).json);
  return rooms.map(({ id }: { readonly id: string }) => id);
}

test('the space of a meeting stands in the list of everybody who is invited, and stays when it moves', async (t) => {
  const { rig, astrid, bruno, attendees } = await watched(t);
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...at('@meet'), attendees });
  await rig.settled();
  const made = await spaceIds(rig);
  assert.equal(made.length, 1);
  for (const { address } of [astrid, bruno]) assert.deepEqual(rig.webex.spaces(address), made);
  await change(rig, astrid, event, tomorrow(5));
  await rig.settled();
  for (const { address } of [astrid, bruno]) assert.deepEqual(rig.webex.spaces(address), made);
});

test('each occurrence of a series in a space has it, in the list of the invited as well', async (t) => {
  const { rig, astrid, bruno, attendees } = await watched(t);
  await book(rig.cloud, astrid, { ...daily(3), ...at('@meet'), attendees });
  await rig.settled();
  const [space] = await spaceIds(rig);
  assert.ok(space);
  for (const { address } of [astrid, bruno])
    assert.deepEqual(rig.webex.spaces(address), [space, space, space]);
});

test('two meetings at the same time keep their spaces apart, and one without a space has none', async (t) => {
  const { rig, astrid, bruno, attendees } = await watched(t);
  for (const keyword of ['@meet', '@meet', '@webex:onetime', '@webex'])
    await book(rig.cloud, astrid, { ...tomorrow(), ...at(keyword), attendees });
  await rig.settled();
  const made = await spaceIds(rig);
  assert.equal(made.length, 2);
  const expected = [...made, null, null].map(String).sort();
  for (const { address } of [astrid, bruno])
    assert.deepEqual(rig.webex.spaces(address).map(String).sort(), expected);
});

test('the address of another one’s meeting that somebody pastes brings nobody its space', async (t) => {
  const { rig, astrid, bruno } = await watched(t);
  await book(rig.cloud, astrid, { ...tomorrow(), ...at('@meet') });
  await rig.settled();
  const [held] = await meetings(rig);
  assert.ok(held);
  await book(rig.cloud, bruno, { ...tomorrow(), ...at(linkOf(held)), attendees: [guest(astrid.address)] });
  await rig.settled();
  assert.deepEqual(rig.webex.spaces(bruno.address), [null]);
});

test('a copy that is delivered before the organiser’s own meeting is stored waits for its space, and not for ever', async (t) => {
  const { rig, astrid, bruno, attendees } = await watched(t);
  const link = 'https://nordwind.webex.com/nordwind/j.php?MTID=m0123456789abcdef0123456789abcdef';
  const underWay = { kind: 'space', eventId: 'under way', intendedAt: rig.deps.clock.now() } as const;
  const intended = arrangement(await rig.mailbox(astrid), underWay);
  rig.deps.store.write((w) => w.putArrangement(intended));
  await book(rig.cloud, astrid, { ...tomorrow(), ...at(link), attendees });
  await rig.until(
    () => rig.jobs("kind = 'deliver' AND attempt > 0 AND state = 'waiting' AND ? > 0").length === 1,
  );
  assert.equal(rig.webex.listed(bruno.address), 0);
  rig.jump(61_000);
  await rig.until(() => rig.webex.listed(bruno.address) === 1);
  assert.deepEqual(rig.webex.spaces(bruno.address), [null]);
});
