import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { type Answer, RunningCloud } from './running-cloud.ts';
import { inPath, jwe, KEY, sealedItem } from './sealed-item.ts';

const EVENTS = '/calendar/api/v1/calendarEvents';
const ID = 'AAMkAGI/1+2=';
const HOUR_MS = 3_600_000;

let cloud: RunningCloud;
let [astrid, bruno]: readonly Person[] = [];

before(async () => {
  cloud = await RunningCloud.start();
  [astrid, bruno] = cloud.context.directory.people;
});
after(() => cloud.stop());

const token = (person: Person | undefined): string => person?.webexToken ?? '';
const get = async (path: string, person = astrid): Promise<Answer> =>
  await cloud.call('GET', path, { as: token(person) });
const startAt = (fromNowMs: number): string => new Date(cloud.context.clock.now() + fromNowMs).toISOString();

async function deliver(item: { readonly id: string }, version = 1, person = astrid): Promise<void> {
  const path = `/calendar/ingest/v1/users/${person?.webexUserId}/meetings/${inPath(item.id)}`;
  const as = cloud.context.directory.serviceApp.token;
  const { status, text } = await cloud.call('PUT', path, { as, body: { version, item } });
  assert.ok(status < 300, text);
}

test('lists items as apps read them: with the addresses of themselves, their notes and participants', async () => {
  const item = sealedItem(ID, { start: startAt(HOUR_MS), links: [], encryptedNotes: jwe() });
  await deliver(item);
  const self = `${cloud.context.baseUrl}${EVENTS}/${inPath(ID)}`;
  const { items } = (await get(EVENTS)).json;
  assert.deepEqual(items, [
    {
      ...item,
      participantsUrl: `${self}/participants`,
      notesUrl: `${self}/notes`,
      links: [{ href: self, rel: 'self' }],
    },
  ]);
  assert.deepEqual((await get(self)).json, items[0]);
});

test('answers the notes and the participants of an item at the addresses in it', async () => {
  const participant = {
    id: randomUUID(),
    type: 'PERSON',
    participantType: 'REQUIRED',
    responseType: 'NO_RESPONSE',
    encryptedName: jwe(),
  };
  const encryptedNotes = jwe();
  const item = sealedItem('both', {
    start: startAt(HOUR_MS),
    encryptedNotes,
    encryptedParticipants: [participant],
  });
  await deliver(item);
  const { notesUrl, participantsUrl, links } = (await get(`${EVENTS}/${inPath('both')}`)).json;
  const about = { id: 'both', seriesId: item.seriesId, links, encryptionKeyUrl: KEY };
  assert.deepEqual((await get(notesUrl)).json, { ...about, encryptedNotes });
  assert.deepEqual((await get(participantsUrl)).json, { ...about, encryptedParticipants: [participant] });
});

test('leaves absent notes out, and answers no participants with an empty list', async () => {
  const item = sealedItem('bare', { start: startAt(HOUR_MS) });
  await deliver(item);
  const { notesUrl, participantsUrl, links } = (await get(`${EVENTS}/${inPath('bare')}`)).json;
  const about = { id: 'bare', seriesId: item.seriesId, links, encryptionKeyUrl: KEY };
  assert.deepEqual((await get(notesUrl)).json, about);
  assert.deepEqual((await get(participantsUrl)).json, { ...about, encryptedParticipants: [] });
});

test('shows nothing of one user to another, not even to the service app', async () => {
  await deliver(sealedItem('private', { start: startAt(HOUR_MS) }));
  const { serviceApp, rooms } = cloud.context.directory;
  for (const as of [token(bruno), rooms[0]?.webexToken ?? '', serviceApp.token]) {
    assert.deepEqual((await cloud.call('GET', EVENTS, { as })).json, { items: [] });
    for (const part of ['', '/notes', '/participants']) {
      const answer = await cloud.call('GET', `${EVENTS}/${inPath('private')}${part}`, { as });
      assert.equal(answer.status, 404);
    }
  }
  for (const path of ['', `/${inPath('private')}`, `/${inPath('private')}/notes`]) {
    assert.equal((await cloud.call('GET', EVENTS + path)).status, 401);
    assert.equal((await cloud.call('GET', EVENTS + path, { as: 'made-up' })).status, 401);
  }
});

test('keeps one copy for each user under the same id', async () => {
  const [mine, theirs] = [jwe(), jwe()];
  const start = startAt(HOUR_MS);
  await deliver(sealedItem('shared', { start, encryptedNotes: mine }));
  await deliver(sealedItem('shared', { start, encryptedNotes: theirs }), 1, bruno);
  const path = `${EVENTS}/${inPath('shared')}/notes`;
  assert.equal((await get(path)).json.encryptedNotes, mine);
  assert.equal((await get(path, bruno)).json.encryptedNotes, theirs);
});

test('refuses what it does not have in the shape of every Webex error', async () => {
  for (const [method, path, status] of [
    ['GET', `${EVENTS}/${inPath('nothing')}`, 404],
    ['GET', `${EVENTS}/${inPath('nothing')}/notes`, 404],
    ['GET', `${EVENTS}/${inPath('nothing')}/participants`, 404],
    ['GET', `${EVENTS}/${inPath(ID)}/minutes`, 404],
    ['GET', '/calendar/api/v1/elsewhere', 404],
    ['PUT', `${EVENTS}/${inPath(ID)}`, 405],
    ['GET', `${EVENTS}?fromDate=yesterday`, 400],
  ] as const) {
    const { status: answered, json, headers } = await cloud.call(method, path, { as: token(astrid) });
    assert.equal(answered, status, path);
    assert.deepEqual(Object.keys(json), ['message', 'errors', 'trackingId']);
    assert.equal(json.errors.length, 1);
    assert.equal(headers.trackingid, json.trackingId);
  }
});

test('forgets notes and participants with the item', async () => {
  await deliver(sealedItem('short', { start: startAt(HOUR_MS), encryptedNotes: jwe() }));
  const path = `/calendar/ingest/v1/users/${astrid?.webexUserId}/meetings/${inPath('short')}?version=2`;
  await cloud.call('DELETE', path, { as: cloud.context.directory.serviceApp.token });
  for (const part of ['', '/notes', '/participants'])
    assert.equal((await get(`${EVENTS}/${inPath('short')}${part}`)).status, 404);
});

test('lists from a day back to a week ahead, or what overlaps the dates asked for', async () => {
  const at = async (id: string, fromNowMs: number) =>
    await deliver(sealedItem(id, { start: startAt(fromNowMs), durationMinutes: 60 }), 1, bruno);
  await at('past', -26 * HOUR_MS);
  await at('running', -24.5 * HOUR_MS);
  await at('soon', HOUR_MS);
  await at('far', 8 * 24 * HOUR_MS);
  const ids = async (query = '') =>
    (await get(EVENTS + query, bruno)).json.items.map((item: { id: string }) => item.id);
  assert.deepEqual(
    (await ids()).filter((id: string) => id !== 'shared'),
    ['running', 'soon'],
  );
  const range = (from: number, to: number) => `?fromDate=${startAt(from)}&toDate=${startAt(to)}`;
  assert.deepEqual(await ids(range(7 * 24 * HOUR_MS, 9 * 24 * HOUR_MS)), ['far']);
  assert.deepEqual(await ids(range(-25.2 * HOUR_MS, -25.1 * HOUR_MS)), ['past']);
});

test('says that it is there to anyone', async () => {
  assert.equal((await cloud.call('GET', '/calendar/api/v1/ping')).status, 200);
});
