import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { at, book, copyOf, guest, patch, read, statuses } from './graph-calendar.ts';
import { type SimulatedCloud, startCloud } from './simulated-cloud.ts';

let cloud: SimulatedCloud;
let astrid: Person;
let bruno: Person;

before(async () => {
  cloud = await startCloud();
  [astrid, bruno] = cloud.context.directory.people as [Person, Person];
});
after(async () => await cloud.stop());

test("gives attendees their own copies and carries the organiser's changes to them", async () => {
  const made = await book(cloud, astrid, {
    subject: 'Plan',
    attendees: [guest(bruno.address), guest('eve@elsewhere.example')],
  });
  const copy = await copyOf(cloud, bruno, made);
  assert.notEqual(copy.id, made.id);
  assert.equal(copy.isOrganizer, false);
  assert.equal(copy.responseStatus.response, 'notResponded');
  await patch(cloud, astrid, made, { subject: 'Better plan' });
  assert.equal((await read(cloud, bruno, copy)).subject, 'Better plan');
  await patch(cloud, astrid, made, { attendees: [] });
  assert.equal((await read(cloud, bruno, copy)).isCancelled, true);
});

test("cancels the copies when the organiser deletes, and only removes an attendee's own copy", async () => {
  const made = await book(cloud, astrid, { attendees: [guest(bruno.address)] });
  const copy = await copyOf(cloud, bruno, made);
  assert.equal((await cloud.call('DELETE', at(astrid, made))).status, 204);
  assert.equal((await cloud.call('DELETE', at(astrid, made))).json.error.code, 'ErrorItemNotFound');
  assert.equal((await read(cloud, bruno, copy)).isCancelled, true);
  const other = await book(cloud, astrid, { attendees: [guest(bruno.address)] });
  assert.equal((await cloud.call('DELETE', at(bruno, await copyOf(cloud, bruno, other)))).status, 204);
  assert.equal((await read(cloud, astrid, other)).isCancelled, false);
});

test("shows an attendee's answer on both sides and asks again when the meeting moves", async () => {
  const made = await book(cloud, astrid, { attendees: [guest(bruno.address)] });
  const copy = await copyOf(cloud, bruno, made);
  assert.equal((await cloud.call('POST', `${at(bruno, copy)}/accept`, { body: {} })).status, 202);
  assert.equal((await read(cloud, bruno, copy)).responseStatus.response, 'accepted');
  assert.deepEqual(statuses(await read(cloud, astrid, made)), ['accepted']);
  await patch(cloud, astrid, made, { end: { dateTime: '2026-12-02T14:00:00', timeZone: 'UTC' } });
  assert.equal((await read(cloud, bruno, copy)).responseStatus.response, 'notResponded');
  assert.deepEqual(statuses(await read(cloud, astrid, made)), ['none']);
  const own = await cloud.call('POST', `${at(astrid, made)}/accept`, { body: {} });
  assert.equal(own.json.error.code, 'ErrorInvalidRequest');
});

test('lets rooms accept by themselves', async () => {
  const room = cloud.context.directory.rooms[0];
  const made = await book(cloud, astrid, {
    attendees: [{ ...guest(room?.address ?? ''), type: 'resource' }],
  });
  assert.deepEqual(statuses(await read(cloud, astrid, made)), ['accepted']);
});
