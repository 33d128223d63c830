import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import type { WebexSpaces } from '../../src/domain/scheduling-ports.ts';
import { openWebexMeetings } from '../../src/webex/meetings.ts';
import { openWebexSpaces } from '../../src/webex/spaces.ts';
import { SimulatedWebex } from './simulated-webex.ts';
import { makeWebexRig, publicId } from './webex-rig.ts';

const HOUR = 3_600_000;

let webex: SimulatedWebex;
let spaces: WebexSpaces;
let marks = 0;

before(async () => {
  webex = await SimulatedWebex.start();
  spaces = openWebexSpaces(webex.deps);
});
after(async () => {
  const flaws = webex.flaws();
  await webex[Symbol.asyncDispose]();
  assert.deepEqual(flaws ?? [], [], 'every request is as Webex describes it');
});
afterEach(() => webex.control('DELETE', 'faults'));

const now = () => webex.cloud.context.clock.now();
const people = () => webex.cloud.context.directory.people.map(({ webexUserId }) => webexUserId);
const rooms = async () => (await webex.control('GET', 'rooms')).rooms;
const newMark = () => {
  marks += 1;
  return `mark-${marks}`;
};

test('makes one space for a mark, however often it is asked', async () => {
  const mark = newMark();
  const id = (await spaces.create(mark, 'Meeting', now())) ?? assert.fail();
  assert.equal(await spaces.create(mark, 'Meeting', now()), id);
  const found = (await rooms()).filter((one: { description: string }) => one.description === mark);
  assert.deepEqual(
    found.map((one: { id: string; title: string }) => [one.id, one.title]),
    [[id, 'Meeting']],
  );
});

test('finds the space whose answer was lost', async () => {
  const mark = newMark();
  await webex.fault('POST', '/rooms', { reset: true, when: 'after' });
  const before = (await rooms()).length;
  const id = (await spaces.create(mark, 'Meeting', now())) ?? assert.fail();
  const after = await rooms();
  assert.equal(after.length, before + 1);
  assert.equal(after.at(-1).id, id);
});

test('keeps the oldest of several spaces with one mark', async () => {
  const mark = newMark();
  const token = webex.deps.token();
  for (let n = 0; n < 3; n += 1)
    await webex.cloud.call('POST', '/v1/rooms', { as: token, body: { title: 'x', description: mark } });
  const marked = async () =>
    (await rooms()).filter((one: { description: string }) => one.description === mark);
  const [oldest] = await marked();
  assert.equal(await spaces.create(mark, 'Meeting', now()), oldest.id);
  assert.deepEqual((await marked()).length, 1);
});

test('looks through pages of spaces, but not through those that are older than the intent', async () => {
  const room = (n: number, created: number) => ({
    id: publicId('ROOM', `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`),
    description: n === 2 ? 'wanted' : 'other',
    created: new Date(created).toISOString(),
  });
  await using rig = await makeWebexRig(({ url }) => {
    const page = Number(new URL(url, rig.origin).searchParams.get('page') ?? 0);
    const link = `<${rig.origin}/rooms?page=${page + 1}>; rel="next"`;
    return { json: { items: [room(page, Date.now() - page * HOUR)] }, headers: { link } };
  });
  const foreign = openWebexSpaces({ ...rig.rest, apiUrl: rig.origin });
  assert.match((await foreign.create('wanted', 'x', Date.now() - 2.5 * HOUR)) ?? '', /2$/);
  assert.equal(rig.asked.length, 4, 'the fourth page is older');
});

test('adds everybody once, and tells whom Webex does not take', async () => {
  const id = (await spaces.create(newMark(), 'Meeting', now())) ?? assert.fail();
  const stranger = '00000000-0000-4000-8000-000000000000';
  assert.deepEqual(await spaces.addMembers(id, people()), []);
  assert.deepEqual(await spaces.addMembers(id, [...people(), stranger]), [stranger]);
  const { memberships } = await webex.control('GET', 'memberships');
  const members = memberships.filter((one: { roomId: string }) => one.roomId === id);
  assert.equal(members.length, people().length + 1);
});

test('gives a space its meeting, found again by its tag', async () => {
  const meetings = openWebexMeetings(webex.deps);
  const spaceId = (await spaces.create(newMark(), 'Meeting', now())) ?? assert.fail();
  const startAt = Math.ceil(now() / HOUR) * HOUR + HOUR;
  const request = {
    tag: spaceId,
    hostAddress: webex.cloud.context.directory.people[0]?.address ?? '',
    spaceId,
    title: 'Meeting',
    invitees: [],
    startAt,
    endAt: startAt + HOUR,
    zone: 'UTC',
    rule: null,
  };
  const made = await meetings.create(request);
  assert.equal(made.kind, 'made');
  assert.equal((await meetings.create(request)).kind, 'found');
  const [one] = (await webex.control('GET', 'meetings')).meetings;
  assert.equal(one.roomId, spaceId);
  assert.equal((await meetings.change(one.id, { ...request, title: 'New' })).kind, 'changed');
  await meetings.delete(one.id, null);
  assert.deepEqual((await webex.control('GET', 'meetings')).meetings, []);
});

test('deletes a space as often as it is told', async () => {
  const id = (await spaces.create(newMark(), 'Meeting', now())) ?? assert.fail();
  await spaces.delete(id);
  await spaces.delete(id);
  assert.ok((await rooms()).every((one: { id: string }) => one.id !== id));
});

test('waits when Webex asks to slow down while people are added', async () => {
  const id = (await spaces.create(newMark(), 'Meeting', now())) ?? assert.fail();
  await webex.fault('POST', '/memberships', { status: 429, retryAfter: '2' });
  await assert.rejects(spaces.addMembers(id, people()), (thrown) => {
    return thrown instanceof AppError && thrown.reason === 'WEBEX_THROTTLED' && thrown.retryAfterMs === 2_000;
  });
  assert.deepEqual(await spaces.addMembers(id, people()), []);
});
