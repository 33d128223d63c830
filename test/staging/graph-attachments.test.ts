import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { at, book, copyOf, guest, MONDAYS, read } from './graph-calendar.ts';
import { type Answer, type SimulatedCloud, startCloud } from './simulated-cloud.ts';

const AGENDA = {
  '@odata.type': '#microsoft.graph.fileAttachment',
  name: 'agenda.txt',
  contentType: 'text/plain',
  contentBytes: Buffer.from('1. Budget').toString('base64'),
};

let cloud: SimulatedCloud;
let astrid: Person;
let bjorn: Person;

before(async () => {
  cloud = await startCloud();
  [astrid, bjorn] = cloud.context.directory.people as [Person, Person];
});
after(async () => await cloud.stop());

async function attach(owner: Person, event: { readonly id: string }, body: object = AGENDA): Promise<Answer> {
  return await cloud.call('POST', `${at(owner, event)}/attachments`, { body });
}

test('a file that the organiser attaches is listed, changes the event and shows in the copy of each attendee', async () => {
  const made = await book(cloud, astrid, { attendees: [guest(bjorn.address)] });
  assert.equal(made.hasAttachments, false);
  const { status, json } = await attach(astrid, made);
  assert.equal(status, 201);
  assert.deepEqual({ ...json, ...AGENDA, size: 9, isInline: false }, json);
  const after = await read(cloud, astrid, made);
  assert.equal(after.hasAttachments, true);
  assert.notEqual(after.changeKey, made.changeKey);
  const copy = await copyOf(cloud, bjorn, made);
  assert.equal(copy.hasAttachments, true);
  const listed = await cloud.call('GET', `${at(bjorn, copy)}/attachments`);
  assert.deepEqual(listed.json.value, [json]);
});

test('occurrences of a series with a file have it too', async () => {
  const series = await book(cloud, astrid, MONDAYS);
  assert.equal((await attach(astrid, series)).status, 201);
  const window = 'startDateTime=2026-10-01T00:00:00Z&endDateTime=2026-11-30T00:00:00Z';
  const { json } = await cloud.call('GET', `${at(astrid, series)}/instances?${window}`);
  assert.deepEqual(
    json.value.map(({ hasAttachments }) => hasAttachments),
    [true, true, true, true, true],
  );
});

test('what is no file, too large or not simulated is refused and changes nothing', async () => {
  const made = await book(cloud, astrid, { attendees: [guest(bjorn.address)] });
  const large = { ...AGENDA, contentBytes: Buffer.alloc(3_145_729).toString('base64') };
  const refused: [Person, { readonly id: string }, object, number, string][] = [
    [
      astrid,
      made,
      { ...AGENDA, '@odata.type': '#microsoft.graph.itemAttachment' },
      400,
      'ErrorInvalidRequest',
    ],
    [astrid, made, { ...AGENDA, contentBytes: 'not base64!' }, 400, 'ErrorInvalidRequest'],
    [astrid, made, large, 413, 'RequestEntityTooLarge'],
    [astrid, { id: 'unknown' }, AGENDA, 404, 'ErrorItemNotFound'],
    [bjorn, await copyOf(cloud, bjorn, made), AGENDA, 501, 'NotImplemented'],
  ];
  for (const [owner, event, body, status, code] of refused) {
    const answer = await attach(owner, event, body);
    assert.deepEqual([answer.status, answer.json.error.code], [status, code]);
  }
  assert.equal((await read(cloud, astrid, made)).changeKey, made.changeKey);
});
