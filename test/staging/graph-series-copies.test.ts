import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person, Room } from '../../src/staging/cloud/directory.ts';
import { makeTestTls } from '../net/test-certificate.ts';
import {
  at,
  book,
  copyOf,
  events,
  guest,
  instance,
  instances,
  MONDAYS,
  patch,
  read,
  starts,
  statuses,
  utc,
} from './graph-calendar.ts';
import { type AnswerBody, type SimulatedCloud, startCloud } from './simulated-cloud.ts';

let cloud: SimulatedCloud;
let astrid: Person;
let bruno: Person;
let chidi: Person;
let room: Room;

before(async () => {
  cloud = await startCloud({ tls: await makeTestTls(), https: true });
  [astrid, bruno, chidi] = cloud.context.directory.people as [Person, Person, Person];
  [room] = cloud.context.directory.rooms as [Room];
});
after(async () => await cloud.stop());

test('gives attendees a series of their own under the same iCalUId', async () => {
  const master = await series(bruno);
  const copy = await copyOf(cloud, bruno, master);
  assert.notEqual(copy.id, master.id);
  assert.deepEqual(
    [copy.type, copy.isOrganizer, copy.recurrence],
    ['seriesMaster', false, master.recurrence],
  );
  const [own, theirs] = [await instances(cloud, astrid, master), await instances(cloud, bruno, copy)];
  assert.deepEqual(
    theirs.map(({ iCalUId }) => iCalUId),
    own.map(({ iCalUId }) => iCalUId),
  );
  assert.equal(new Set([...own, ...theirs].map(({ id }) => id)).size, 10);
});

test('carries an exception to the attendees and asks them anew when it was moved', async () => {
  const master = await series(bruno);
  const copy = await copyOf(cloud, bruno, master);
  await respond(bruno, copy, 'accept');
  const third = await instance(cloud, astrid, master, 2);
  await patch(cloud, astrid, third, { subject: 'Special' });
  const shown = await instance(cloud, bruno, copy, 2);
  assert.deepEqual(
    [shown.type, shown.subject, shown.responseStatus.response],
    ['exception', 'Special', 'accepted'],
  );
  await patch(cloud, astrid, third, { start: utc('2026-11-03T12:00:00'), end: utc('2026-11-03T13:00:00') });
  const moved = await read(cloud, bruno, shown);
  assert.deepEqual(
    [moved.start.dateTime.slice(5, 13), moved.responseStatus.response],
    ['11-03T12', 'notResponded'],
  );
  assert.deepEqual(statuses(await read(cloud, astrid, third)), ['none']);
  assert.deepEqual(statuses(await read(cloud, astrid, master)), ['accepted']);
});

test('shows a deleted occurrence as cancelled at the attendees', async () => {
  const master = await series(bruno);
  const copy = await copyOf(cloud, bruno, master);
  await cloud.call('DELETE', at(astrid, await instance(cloud, astrid, master, 1)));
  const second = await instance(cloud, bruno, copy, 1);
  assert.deepEqual([second.type, second.isCancelled, second.showAs], ['exception', true, 'free']);
  assert.equal((await instance(cloud, bruno, copy, 2)).isCancelled, false);
});

test('cancels the whole series with its exceptions, and revives it with new slots', async () => {
  const master = await series(bruno);
  const copy = await copyOf(cloud, bruno, master);
  await patch(cloud, astrid, await instance(cloud, astrid, master, 0), { subject: 'Special' });
  await patch(cloud, astrid, master, { attendees: [] });
  assert.ok((await instances(cloud, bruno, copy)).every(({ isCancelled }) => isCancelled));
  const range = { ...MONDAYS.recurrence.range, numberOfOccurrences: 3 };
  const recurrence = { ...MONDAYS.recurrence, range };
  await patch(cloud, astrid, master, { attendees: [guest(bruno.address)], recurrence });
  const revived = await instances(cloud, bruno, copy);
  assert.deepEqual(
    revived.map(({ isCancelled }) => isCancelled),
    [false, false, false],
  );
  await cloud.call('DELETE', at(astrid, master));
  assert.equal((await read(cloud, bruno, copy)).isCancelled, true);
});

test("takes an attendee's answers to the series and to one occurrence apart", async () => {
  const master = await series(bruno);
  const copy = await copyOf(cloud, bruno, master);
  await respond(bruno, copy, 'accept');
  await respond(bruno, await instance(cloud, bruno, copy, 1), 'decline');
  const responses = (await instances(cloud, bruno, copy)).map(
    ({ responseStatus }) => responseStatus.response,
  );
  assert.deepEqual(responses, ['accepted', 'declined', 'accepted', 'accepted', 'accepted']);
  const seen = (await instances(cloud, astrid, master)).map((one) => statuses(one)[0]);
  assert.deepEqual(seen, ['accepted', 'declined', 'accepted', 'accepted', 'accepted']);
  assert.deepEqual(statuses(await read(cloud, astrid, master)), ['accepted']);
});

test("keeps an attendee's own changes until the organiser's next update of that occurrence", async () => {
  const master = await series(bruno);
  const copy = await copyOf(cloud, bruno, master);
  const second = await instance(cloud, bruno, copy, 1);
  await patch(cloud, bruno, second, { subject: 'My note' });
  await cloud.call('DELETE', at(bruno, await instance(cloud, bruno, copy, 0)));
  assert.equal((await instances(cloud, astrid, master)).length, 5);
  await patch(cloud, astrid, master, { subject: 'Renamed' });
  assert.deepEqual(
    (await instances(cloud, bruno, copy)).map(({ subject }) => subject),
    ['My note', 'Renamed', 'Renamed', 'Renamed'],
  );
  await patch(cloud, astrid, await instance(cloud, astrid, master, 1), { location: { displayName: 'Hall' } });
  const overwritten = await read(cloud, bruno, second);
  assert.deepEqual([overwritten.subject, overwritten.location.displayName], ['Renamed', 'Hall']);
  await patch(cloud, astrid, await instance(cloud, astrid, master, 0), { location: { displayName: 'Yard' } });
  const back = await instances(cloud, bruno, copy);
  assert.deepEqual([back.length, back[0]?.location.displayName], [5, 'Yard']);
});

test('leaves the copies of those alone whom a change does not concern', async () => {
  const master = await series(bruno);
  const copy = await copyOf(cloud, bruno, master);
  const second = await instance(cloud, astrid, master, 1);
  await patch(cloud, astrid, second, { attendees: [guest(bruno.address), guest(chidi.address)] });
  assert.equal((await read(cloud, bruno, copy)).changeKey, copy.changeKey);
  await patch(cloud, astrid, second, { subject: 'Special' });
  const own = (await cloud.call('GET', `${events(bruno)}?$top=1000`)).json.value;
  assert.deepEqual(
    own.filter(({ iCalUId }) => iCalUId === second.iCalUId),
    [],
  );
  const single = await copyOf(cloud, chidi, second);
  await cloud.call('DELETE', at(astrid, master));
  assert.equal((await read(cloud, chidi, single)).isCancelled, true);
});

test('invites somebody to one occurrence alone, who sees a single meeting', async () => {
  const master = await series(bruno);
  const second = await instance(cloud, astrid, master, 1);
  await patch(cloud, astrid, second, { attendees: [guest(bruno.address), guest(chidi.address)] });
  const copy = await copyOf(cloud, chidi, second);
  assert.deepEqual([copy.type, copy.seriesMasterId, copy.originalStart], ['singleInstance', null, undefined]);
  assert.deepEqual(starts([copy]), ['10-26T09']);
  await respond(chidi, copy, 'accept');
  assert.deepEqual(statuses(await read(cloud, astrid, second)), ['none', 'accepted']);
  await patch(cloud, astrid, second, { attendees: [guest(chidi.address)] });
  const left = await instance(cloud, bruno, await copyOf(cloud, bruno, master), 1);
  assert.equal(left.isCancelled, true);
  await cloud.call('DELETE', at(astrid, second));
  assert.equal((await read(cloud, chidi, copy)).isCancelled, true);
});

test('lets rooms accept a series, and an occurrence again that was moved', async () => {
  const master = await series(room);
  assert.deepEqual(statuses(await read(cloud, astrid, master)), ['accepted']);
  const third = await instance(cloud, astrid, master, 2);
  await patch(cloud, astrid, third, { start: utc('2026-11-03T12:00:00'), end: utc('2026-11-03T13:00:00') });
  assert.deepEqual(statuses(await read(cloud, astrid, third)), ['accepted']);
});

test('shows a proposed new time at the organiser, and refuses proposals that cannot be', async () => {
  const master = await series(bruno);
  const copy = await copyOf(cloud, bruno, master);
  const second = await instance(cloud, bruno, copy, 1);
  const proposedNewTime = { start: utc('2026-10-27T09:00:00'), end: utc('2026-10-27T10:00:00') };
  const refused: readonly [string, object][] = [
    ['accept', { proposedNewTime }],
    ['decline', { proposedNewTime, sendResponse: false }],
    ['decline', { proposedNewTime: { start: proposedNewTime.end, end: proposedNewTime.start } }],
  ];
  for (const [action, body] of refused) {
    const { json } = await cloud.call('POST', `${at(bruno, second)}/${action}`, { body });
    assert.equal(json.error.code, 'ErrorInvalidParameter', action);
  }
  // Names of parameters compare without case.
  await respond(bruno, second, 'tentativelyAccept', { ProposedNewTime: proposedNewTime, Comment: 'later?' });
  const [attendee] = (await instance(cloud, astrid, master, 1)).attendees;
  assert.equal(attendee?.status.response, 'tentativelyAccepted');
  assert.equal(attendee?.proposedNewTime?.start.dateTime, '2026-10-27T09:00:00.0000000');
  await patch(cloud, astrid, master, { allowNewTimeProposals: false });
  const late = await cloud.call('POST', `${at(bruno, copy)}/decline`, { body: { proposedNewTime } });
  assert.equal(late.json.error.code, 'ErrorInvalidParameter');
});

test('moves declined meetings to the deleted items of people who want that', async () => {
  await cloud.control('PUT', 'habits', { mailbox: chidi.address, keepsDeclined: false });
  const master = await series(chidi);
  const copy = await copyOf(cloud, chidi, master);
  await respond(chidi, await instance(cloud, chidi, copy, 0), 'decline');
  assert.equal((await instances(cloud, chidi, copy)).length, 4);
  await respond(chidi, copy, 'decline');
  assert.equal((await cloud.call('GET', at(chidi, copy))).status, 404);
  assert.deepEqual(statuses(await read(cloud, astrid, master)), ['declined']);
});

async function series(attendee: { readonly address: string }): Promise<AnswerBody> {
  return await book(cloud, astrid, { ...MONDAYS, attendees: [guest(attendee.address)] });
}

async function respond(
  who: Person,
  event: { readonly id: string },
  action: 'accept' | 'decline' | 'tentativelyAccept',
  body: object = {},
): Promise<void> {
  const answer = await cloud.call('POST', `${events(who)}/${encodeURIComponent(event.id)}/${action}`, {
    body,
  });
  assert.deepEqual([answer.status, answer.text], [202, '']);
}
