import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Person, Room } from '../../src/staging/cloud/directory.ts';
import { storeMeeting } from '../../src/sync/store-meeting.ts';
import { book, guest, patch } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { daily, tomorrow } from './future-event.ts';
import { calendarEvent, NOW, syncRig } from './sync-rig.ts';

const TEAMS = 'https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0?context=%7b%7d';
const ZOOM = 'https://us02web.zoom.us/j/12345678901';
const bodyWith = (link: string) => ({
  body: { contentType: 'html', content: `<p>Join <a href="${link}">here</a></p>` },
});

interface Rig {
  readonly rig: ConnectedRig;
  readonly astrid: Person;
  readonly room: Room;
  readonly invited: { readonly attendees: readonly object[] };
}

/** A room that does to its meetings what real ones do by default. */
async function begun(t: TestContext, settings: object = {}): Promise<Rig> {
  const rig = await ConnectedRig.start(t);
  const [astrid, room] = [rig.person(0), rig.room(0)];
  const order = { mailbox: room.address, deleteComments: true, deleteSubject: true, ...settings };
  assert.ok((await rig.cloud.control('PUT', 'room', order)).status < 300);
  const attendees = [{ ...guest(room.address), type: 'resource' }];
  return { rig, astrid, room, invited: { attendees } };
}

async function codesOf(rig: ConnectedRig, room: Room): Promise<string[]> {
  const { id } = await rig.mailbox(room);
  return rig.deps.store.read((r) => r.traceLines(id, null, 200)).map(({ code }) => code);
}

const shows = (rig: ConnectedRig, room: Room, ...links: string[]) =>
  rig.until(async () => (await rig.webex.joinUrls(room.address)).join() === links.join());

test('a room whose copy lost its text is joined by the organiser’s, and follows it', async (t) => {
  const { rig, astrid, room, invited } = await begun(t);
  await rig.watch(astrid, room);
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...invited, ...bodyWith(TEAMS) });
  await shows(rig, room, TEAMS);
  await rig.settled();
  assert.deepEqual(
    (await codesOf(rig, room)).filter((code) => code.startsWith('JOIN_TARGET')),
    ['JOIN_TARGET teams organizers-copy'],
  );
  // Of the organiser's change nothing is left in the room's copy, so nobody tells of it.
  await patch(rig.cloud, astrid, event, bodyWith(ZOOM));
  await shows(rig, room, ZOOM);
  await rig.settled();
  assert.deepEqual(await rig.webex.subjects(room.address), [astrid.name], 'nothing else is borrowed');
});

test('it finds the copy of an organiser who is enabled after the room', async (t) => {
  const { rig, astrid, room, invited } = await begun(t);
  await rig.watch(room);
  await book(rig.cloud, astrid, { ...tomorrow(), ...invited, ...bodyWith(TEAMS) });
  await rig.until(() => rig.webex.listed(room.address) === 1);
  await rig.settled();
  assert.ok((await codesOf(rig, room)).includes('BODY_STRIPPED'));
  assert.deepEqual(await rig.webex.joinUrls(room.address), []);
  await rig.watch(astrid);
  await shows(rig, room, TEAMS);
});

test('of two meetings at the same time it takes the same one', async (t) => {
  const { rig, astrid, room, invited } = await begun(t);
  await rig.watch(astrid, room);
  const span = tomorrow();
  await book(rig.cloud, astrid, { ...span, ...bodyWith(ZOOM) });
  await rig.until(() => rig.webex.listed(astrid.address) === 1);
  await book(rig.cloud, astrid, { ...span, ...invited, ...bodyWith(TEAMS) });
  await shows(rig, room, TEAMS);
});

test('each day of a series finds its own', async (t) => {
  const { rig, astrid, room, invited } = await begun(t);
  await rig.watch(astrid, room);
  await book(rig.cloud, astrid, { ...daily(3), ...invited, ...bodyWith(TEAMS) });
  await shows(rig, room, TEAMS, TEAMS, TEAMS);
});

test('a room that keeps the text needs nobody, and a meeting without text has lost none', async (t) => {
  const { rig, astrid, room, invited } = await begun(t, { deleteComments: false });
  await rig.watch(astrid, room);
  await book(rig.cloud, astrid, { ...tomorrow(), ...invited, ...bodyWith(TEAMS) });
  await shows(rig, room, TEAMS);
  await rig.settled();
  const codes = await codesOf(rig, room);
  assert.ok(codes.some((code) => /^JOIN_TARGET teams body /.test(code)));
  assert.equal(
    rig.deps.store.read((r) => r.anyStripped()),
    false,
  );
});

const KEEPS_ALL_BUT_THE_FLAG = {
  deleteComments: false,
  deleteSubject: false,
  addOrganizerToSubject: false,
  removePrivateProperty: true,
};

test('a private meeting is private in a room that loses the flag, and open there when it is open again', async (t) => {
  const { rig, astrid, room, invited } = await begun(t, KEEPS_ALL_BUT_THE_FLAG);
  await rig.watch(astrid, room);
  const secret = {
    ...tomorrow(),
    ...invited,
    ...bodyWith(TEAMS),
    subject: 'Salaries',
    sensitivity: 'private',
  };
  const event = await book(rig.cloud, astrid, secret);
  await shows(rig, room, TEAMS);
  await rig.settled();
  assert.deepEqual(await rig.webex.subjects(room.address), [], 'the subject is left out');
  assert.deepEqual(await rig.webex.subjects(astrid.address), ['Salaries']);
  await patch(rig.cloud, astrid, event, { sensitivity: 'normal' });
  await rig.until(async () => (await rig.webex.subjects(room.address)).join() === 'Salaries');
  await patch(rig.cloud, astrid, event, { sensitivity: 'private' });
  await rig.until(async () => (await rig.webex.subjects(room.address)).length === 0);
});

test('it becomes private there when its organiser is enabled after the room', async (t) => {
  const { rig, astrid, room, invited } = await begun(t, KEEPS_ALL_BUT_THE_FLAG);
  await rig.watch(room);
  await book(rig.cloud, astrid, { ...tomorrow(), ...invited, subject: 'Salaries', sensitivity: 'private' });
  await rig.until(async () => (await rig.webex.subjects(room.address)).join() === 'Salaries');
  await rig.settled();
  await rig.watch(astrid);
  await rig.until(async () => (await rig.webex.subjects(room.address)).length === 0);
});

test('a room that is the first to lose anything while its organiser’s copy is sealed is looked at all the same', async (t) => {
  const { deps, mailbox } = await syncRig(t, {});
  const first = await storeMeeting(deps, mailbox, calendarEvent({ id: 'of the room' }), NOW);
  deps.store.write((w) => first.write(w));
  const own = await storeMeeting(deps, mailbox, calendarEvent(), NOW);
  deps.store.write((w) => {
    w.setStripped(mailbox.id, 'of the room', true);
    own.write(w);
  });
  assert.notEqual(
    deps.store.read((r) => r.nextRunAt(['sync-event'])),
    null,
  );
});
