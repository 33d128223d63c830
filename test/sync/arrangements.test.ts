import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHtml } from '../../src/domain/html-text.ts';
import { book, guest } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { daily, tomorrow } from './future-event.ts';
import { change, codes, linkOf, meetings, now, ownWrites, remove } from './scheduled-event.ts';

const PATCHES = /^PATCH .*\/events\//;
const HOUR_MS = 3_600_000;
const at = (displayName: string) => ({ location: { displayName } });

async function watched(t: Parameters<typeof ConnectedRig.start>[0], options = {}) {
  const rig = await ConnectedRig.start(t, options);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  return { rig, astrid };
}

test('a meeting of its own is made for the owner, moves with the event and goes with it', async (t) => {
  const { rig, astrid } = await watched(t);
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...at('Room 1, @webex:onetime') });
  await rig.settled();
  const [held, ...more] = await meetings(rig);
  assert.ok(held);
  assert.deepEqual(more, []);
  assert.equal(held.hostUserId, astrid.webexUserId);
  assert.equal(held.title, 'Webex-möte', 'the subject stays in the house');
  const there = await now(rig, astrid, event);
  assert.equal(there.location.displayName, `Room 1, ${linkOf(held)}`);
  const block = readHtml(there.body.content).text;
  for (const shown of [held.password, linkOf(held)]) assert.ok(block.includes(shown));
  await change(rig, astrid, event, tomorrow(5));
  await rig.settled();
  const [moved] = await meetings(rig);
  assert.deepEqual([moved?.id, (moved?.start ?? 0) - held.start], [held.id, 5 * HOUR_MS]);
  assert.equal(rig.calls(PATCHES).length, 1);
  assert.ok((await codes(rig, astrid, event)).includes('MEETING_CHANGED'));
  await remove(rig, astrid, event);
  await rig.settled();
  assert.deepEqual(await meetings(rig), []);
});

test('subject and people leave only where they are shared', async (t) => {
  const sharing = { title: true, people: true };
  const { rig, astrid } = await watched(t, { scheduling: { existingTarget: 'keep', sharing } });
  const attendees = [guest(rig.person(1).address)];
  await book(rig.cloud, astrid, { ...tomorrow(), ...at('@webex:onetime'), subject: 'Budget', attendees });
  await rig.settled();
  const [held] = await meetings(rig);
  assert.equal(held?.title, 'Budget');
  assert.deepEqual(
    held?.invitees.map(({ email }) => email),
    [rig.person(1).address],
  );
});

test('a keyword that is taken away ends its meeting with one write; typed anew it brings another one', async (t) => {
  const { rig, astrid } = await watched(t);
  const plain = '<html><body><p>See you there</p></body></html>';
  const body = { contentType: 'html', content: plain };
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...at('@webex:onetime'), body });
  await rig.settled();
  const [first] = await meetings(rig);
  await change(rig, astrid, event, at('Room 7'));
  await rig.settled();
  assert.deepEqual(await meetings(rig), []);
  const bare = await now(rig, astrid, event);
  assert.equal(readHtml(bare.body.content).text, 'See you there');
  assert.equal(rig.calls(PATCHES).length, 2);
  await change(rig, astrid, event, at('@webex:onetime'));
  await rig.settled();
  const [second] = await meetings(rig);
  assert.notEqual(second?.id, first?.id);
  assert.equal((await now(rig, astrid, event)).location.displayName, linkOf(second ?? assert.fail()));
  assert.equal(rig.calls(PATCHES).length, 3);
});

test('a meeting ends with its keyword although the answer to our write is lost', async (t) => {
  const { rig, astrid } = await watched(t);
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...at('@webex:onetime') });
  await rig.settled();
  const order = { kind: 'reset', method: 'PATCH', when: 'after', app: 'appliance', times: 1 };
  assert.equal((await rig.cloud.control('POST', 'misbehaviour', order)).status, 201);
  await change(rig, astrid, event, at('Room 7'));
  await rig.until(async () => (await codes(rig, astrid, event)).includes('ARRANGEMENT_ENDED'));
  await rig.settled();
  assert.deepEqual(await meetings(rig), []);
  assert.equal(await ownWrites(rig), 2);
});

test('an address that somebody puts back while we take the block out keeps its meeting', async (t) => {
  const { rig, astrid } = await watched(t);
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...at('@webex:onetime') });
  await rig.settled();
  const { location } = await now(rig, astrid, event);
  const hold = { kind: 'latency', method: 'PATCH', delayMs: 1_500, when: 'before', times: 1 };
  assert.equal((await rig.cloud.control('POST', 'misbehaviour', hold)).status, 201);
  await change(rig, astrid, event, at('Room 7'));
  await rig.until(() => rig.calls(PATCHES).length === 2);
  await change(rig, astrid, event, at(location.displayName));
  const { id } = await rig.mailbox(astrid);
  const known = () => rig.deps.store.read((r) => r.arrangement(id, event.id))?.writtenChangeKey;
  await rig.until(async () => known() === (await now(rig, astrid, event)).changeKey);
  await rig.settled();
  const [held] = await meetings(rig);
  assert.equal(location.displayName, linkOf(held ?? assert.fail()));
  assert.equal(await ownWrites(rig), 1);
});

test('another keyword in place of our address replaces what was made for the first one', async (t) => {
  const { rig, astrid } = await watched(t);
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...at('@webex:onetime') });
  await rig.settled();
  assert.equal((await meetings(rig)).length, 1);
  await change(rig, astrid, event, at('@webex'));
  await rig.settled();
  assert.deepEqual(await meetings(rig), []);
  assert.match((await now(rig, astrid, event)).location.displayName, /\/meet\/astrid/);
  assert.equal(rig.calls(PATCHES).length, 2);
});

test('a keyword that is typed left of our address is answered with one write, and the place says it once', async (t) => {
  const { rig, astrid } = await watched(t);
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...at('@webex:onetime, Room 1') });
  await rig.settled();
  const { location } = await now(rig, astrid, event);
  await change(rig, astrid, event, at(`@webex ${location.displayName}`));
  await rig.settled();
  assert.match((await now(rig, astrid, event)).location.displayName, /^https:\S+\/meet\/astrid\S*, Room 1$/);
  assert.deepEqual(await meetings(rig), []);
  assert.equal(await ownWrites(rig), 2);
});

test('a meeting that was deleted at Webex is made anew when its event changes, and takes its place in the invitation', async (t) => {
  const { rig, astrid } = await watched(t);
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...at('@webex:onetime, Room 1') });
  await rig.settled();
  const [first] = await meetings(rig);
  await rig.cloud.control('DELETE', `/webex/meetings/${first?.id}`);
  await change(rig, astrid, event, tomorrow(2));
  await rig.settled();
  const [second, ...more] = await meetings(rig);
  assert.ok(second && first);
  assert.deepEqual(more, []);
  const there = await now(rig, astrid, event);
  assert.equal(there.location.displayName, `${linkOf(second)}, Room 1`);
  assert.ok(!there.body.content.includes(first.linkId));
  assert.ok((await codes(rig, astrid, event)).includes('MEETING_MADE_ANEW'));
  assert.equal(rig.calls(PATCHES).length, 2);
});

test('the limit of a day is an alarm and a trace, and the event comes again when Webex makes more', async (t) => {
  const { rig, astrid } = await watched(t);
  await rig.cloud.control('PUT', '/webex/scheduling', { perHost: 1 });
  const first = await book(rig.cloud, astrid, { ...tomorrow(), ...at('@webex:onetime') });
  await rig.settled();
  const second = await book(rig.cloud, astrid, { ...tomorrow(72), ...at('@webex:onetime') });
  await rig.settled();
  assert.equal((await meetings(rig)).length, 1);
  assert.ok((await codes(rig, astrid, second)).includes('MEETING_LIMIT_REACHED'));
  const alarms = () => rig.deps.store.read((r) => r.alarms()).map(({ id }) => id);
  assert.deepEqual(alarms(), ['meeting-limit']);
  assert.equal(rig.calls(PATCHES).length, 1, 'nothing is written without a meeting');
  await remove(rig, astrid, first);
  rig.jump(25 * HOUR_MS);
  await rig.until(async () => (await meetings(rig)).length === 1 && rig.calls(PATCHES).length === 2);
  await rig.settled();
  assert.deepEqual(alarms(), []);
});

test('a space gets the enabled among the invited and its meeting; whoever is not enabled is told of', async (t) => {
  const { rig, astrid } = await watched(t);
  const bruno = rig.person(1);
  await rig.watch(bruno);
  const attendees = [bruno.address, 'all-staff@nordwind.example'].map(guest);
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...at('@meet'), attendees });
  await rig.settled();
  const { rooms } = Object((await rig.cloud.control('GET', '/webex/rooms')).json);
  const { memberships } = Object((await rig.cloud.control('GET', '/webex/memberships')).json);
  assert.equal(rooms.length, 1);
  const people = memberships.map(({ userId }: { readonly userId: string }) => userId);
  for (const { webexUserId } of [astrid, bruno]) assert.ok(people.includes(webexUserId));
  const [held, ...more] = await meetings(rig);
  assert.ok(held);
  assert.deepEqual(more, []);
  assert.equal((await now(rig, astrid, event)).location.displayName, linkOf(held));
  assert.ok((await codes(rig, astrid, event)).includes('SPACE_PEOPLE_LEFT_OUT'));
  await remove(rig, astrid, event);
  await rig.settled();
  assert.deepEqual(await meetings(rig), []);
  const left = Object((await rig.cloud.control('GET', '/webex/rooms')).json).rooms;
  assert.equal(left.length, 1, 'the conversation is the people’s');
});

test('a series carries its recurrence over, and what is left of it once it has begun', async (t) => {
  const { rig, astrid } = await watched(t);
  await book(rig.cloud, astrid, { ...daily(5), ...at('@webex:onetime') });
  await rig.settled();
  assert.equal((await meetings(rig))[0]?.recurrence, 'FREQ=DAILY;COUNT=5');
  const late = await book(rig.cloud, astrid, { ...daily(5), subject: 'Late' });
  rig.jump(2.5 * 24 * HOUR_MS);
  await change(rig, astrid, late, at('@webex:onetime'));
  await rig.settled();
  assert.equal((await meetings(rig))[1]?.recurrence, 'FREQ=DAILY;COUNT=3');
});

test('answers that are lost on the way leave one meeting, one space and one write', async (t) => {
  const { rig, astrid } = await watched(t);
  for (const path of ['/v1/rooms', '/v1/meetings'])
    await rig.cloud.control('POST', '/webex/faults', { method: 'POST', path, reset: true, when: 'after' });
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...at('@meet') });
  await rig.until(async () => (await codes(rig, astrid, event)).includes('DECORATED'));
  await rig.settled();
  assert.equal((await meetings(rig)).length, 1);
  assert.equal(Object((await rig.cloud.control('GET', '/webex/rooms')).json).rooms.length, 1);
  assert.equal(rig.calls(PATCHES).length, 1);
});

for (const [existingTarget, provider] of [
  ['keep', 'zoom'],
  ['add', 'zoom'],
  ['replace', 'webex'],
] as const)
  test(`beside a Zoom link "${existingTarget}" leads the Join button to ${provider}`, async (t) => {
    const scheduling = { existingTarget, sharing: { title: false, people: false } };
    const { rig, astrid } = await watched(t, { scheduling });
    const body = { contentType: 'html', content: '<p>https://zoom.us/j/95100270001?pwd=abc</p>' };
    const locations = [{ displayName: 'https://zoom.us/j/95100270001' }, { displayName: '@webex' }];
    const event = await book(rig.cloud, astrid, { ...tomorrow(), locations, body });
    await rig.settled();
    const target = (await codes(rig, astrid, event)).find((code) => code.startsWith('JOIN_TARGET'));
    assert.match(target ?? '', new RegExp(`^JOIN_TARGET ${provider} `));
    assert.equal(rig.calls(PATCHES).length, existingTarget === 'keep' ? 0 : 1);
    assert.match((await now(rig, astrid, event)).body.content, /zoom\.us/);
  });

test('what a person edits between our read and our write survives, and the join details come with the next one', async (t) => {
  const { rig, astrid } = await watched(t);
  const hold = { kind: 'latency', method: 'PATCH', delayMs: 1_500, when: 'before', times: 1 };
  assert.equal((await rig.cloud.control('POST', 'misbehaviour', hold)).status, 201);
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...at('@webex:onetime, Room 1') });
  await rig.until(() => rig.calls(PATCHES).length === 1);
  const body = { contentType: 'html', content: '<p>Bring the figures</p>' };
  await change(rig, astrid, event, { body, location: { displayName: '@webex:onetime, Room 2' } });
  await rig.until(async () => (await codes(rig, astrid, event)).includes('DECORATED'));
  await rig.settled();
  const there = await now(rig, astrid, event);
  const [held] = await meetings(rig);
  assert.equal(there.location.displayName, `${linkOf(held ?? assert.fail())}, Room 2`);
  assert.match(readHtml(there.body.content).text, /Anslut[\s\S]*Bring the figures/);
  const patches = rig.calls(PATCHES).length;
  assert.equal(patches, 2, 'the one that was refused, and the one that was right');
  assert.equal(await ownWrites(rig), 1);
});

test('a service app that may make no spaces is told of, and holds up nothing else', async (t) => {
  const { rig, astrid } = await watched(t);
  await rig.cloud.control('POST', '/webex/faults', {
    method: 'POST',
    path: '/v1/rooms',
    status: 403,
    times: 9,
  });
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...at('@meet') });
  await rig.settled();
  assert.ok((await codes(rig, astrid, event)).includes('SPACE_REFUSED'));
  assert.deepEqual(rig.changes, []);
  assert.equal(rig.webex.listed(astrid.address), 1);
  assert.deepEqual(await meetings(rig), []);
});
