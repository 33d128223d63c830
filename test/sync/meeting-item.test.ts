import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { compactDecrypt } from 'jose';
import type { CalendarEvent } from '../../src/domain/calendar-event.ts';
import { meetingOf } from '../../src/domain/change.ts';
import { builtInRules } from '../../src/domain/join-target/built-in-rules.ts';
import { roomView } from '../../src/domain/room-view.ts';
import { systemRandom } from '../../src/ops/random.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';
import { type AtWebex, meetingItem } from '../../src/sync/meeting-item.ts';
import { anEvent, at } from '../domain/calendar-events.ts';

const KEY = new Uint8Array(32).fill(7);
const URI = 'kms://kms.example.com/keys/1';
const ANN = '0a000000-0000-4000-8000-00000000000a';
const BO = '0a000000-0000-4000-8000-00000000000b';
const ORG = '0a000000-0000-4000-8000-0000000000ff';
const SPACE = '0a000000-0000-4000-8000-0000000000aa';
const SPACE_MEETING = 'https://nordwind.webex.com/m/0a000000-0000-4000-8000-0000000000bb';
const PEOPLE = new Map([
  ['ann@nordwind.example', ANN],
  ['bo@nordwind.example', BO],
]);

before(sodiumReady);

const webex = (more: Partial<AtWebex> = {}): AtWebex => ({
  idOf: (address) => PEOPLE.get(address) ?? null,
  ownId: ANN,
  orgId: ORG,
  spaceId: null,
  ...more,
});
const guest = (address: string, more: Partial<CalendarEvent['attendees'][number]> = {}) =>
  ({ name: address.split('@')[0] ?? '', address, type: 'required', response: 'none', ...more }) as const;

// biome-ignore lint/suspicious/noExplicitAny: as the app reads it
function itemOf(event: CalendarEvent, known = webex(), view = (m: any) => m): any {
  const place = { purpose: 'meeting', tenant: 't', mailbox: '1', event: 'e', version: 1 } as const;
  const meeting = view(meetingOf(event, builtInRules()).meeting);
  return meetingItem('m', meeting, { uri: URI, key: KEY, place, algorithm: 'A256GCM' }, known, systemRandom())
    .item;
}

async function opened(jwe: string): Promise<string> {
  return Buffer.from((await compactDecrypt(jwe, KEY)).plaintext).toString();
}

/** Every member of the item that a cloud side does not add itself (reference: webex.md 1.3). */
const MEMBERS = [
  ...['id', 'seriesId', 'start', 'durationMinutes', 'organizer', 'isRecurring', 'hasAttachments'],
  ...['meetingSensitivity', 'encryptionKeyUrl', 'encryptedSubject', 'encryptedLocation', 'encryptedNotes'],
  ...['encryptedOrganizer', 'encryptedParticipants', 'meetingJoinInfo', 'links'],
];

test('an item has every member that is known', () => {
  const location = at('https://nordwind.webex.com/meet/ann');
  const attendees = [guest('bo@nordwind.example')];
  const personal = itemOf(anEvent({ locations: location, attendees, hasAttachments: true }));
  assert.deepEqual(Object.keys(personal).sort(), [...MEMBERS, 'webexURL', 'webexURI'].sort());
  assert.equal(personal.hasAttachments, true);
  const inSpace = itemOf(anEvent({ locations: at(SPACE_MEETING), attendees }), webex({ spaceId: SPACE }));
  const ofSpace = ['spaceMeetURL', 'spaceURL', 'conversationId'];
  assert.deepEqual(Object.keys(inSpace).sort(), [...MEMBERS, ...ofSpace].sort());
  assert.equal(inSpace.conversationId, SPACE);
});

test('a space’s addresses are those of the space, a room’s those of the room', async () => {
  const url = SPACE_MEETING;
  const item = itemOf(anEvent({ locations: at(url) }), webex({ spaceId: SPACE }));
  assert.equal(await opened(item.spaceMeetURL), url);
  assert.equal(await opened(item.spaceURL), `webexteams://im?space=${SPACE}`);
  assert.equal(await opened(item.meetingJoinInfo.meetingJoinURL), url);
  assert.equal(item.webexURL, undefined);
});

test('the meeting that was made in a space has the addresses of the space, a personal room beside it its own', async () => {
  const url = 'https://nordwind.webex.com/nordwind/j.php?MTID=m0123456789abcdef0123456789abcdef';
  const made = itemOf(anEvent({ locations: at(url) }), webex({ spaceId: SPACE }));
  assert.equal(await opened(made.spaceMeetURL), url);
  assert.equal(made.webexURL, undefined);
  assert.equal(await opened(itemOf(anEvent({ locations: at(url) })).webexURL), url);
  const room = 'https://nordwind.webex.com/meet/ann';
  const besides = itemOf(anEvent({ locations: at(room) }), webex({ spaceId: SPACE }));
  assert.equal(await opened(besides.webexURL), room);
  assert.equal(besides.spaceMeetURL, undefined);
});

test('everybody’s type and answer are told, and who is at Webex by id and organisation', () => {
  const attendees = [
    guest('bo@nordwind.example', { response: 'tentativelyAccepted' }),
    guest('cy@elsewhere.example', { type: 'optional', response: 'declined' }),
    guest('aurora@nordwind.example', { type: 'resource', response: 'accepted' }),
    guest('dee@nordwind.example', { response: 'notResponded' }),
  ];
  const { encryptedParticipants } = itemOf(anEvent({ attendees }));
  const told = encryptedParticipants.map(
    ({ id, orgId, type, participantType, responseType }: Record<string, string>) =>
      [id, orgId, type, participantType, responseType].join(' '),
  );
  assert.deepEqual(told, [
    `${BO} ${ORG} PERSON REQUIRED TENTATIVE`,
    '  PERSON OPTIONAL DECLINED',
    '  PERSON RESOURCE ACCEPTED',
    '  PERSON REQUIRED NO_RESPONSE',
  ]);
});

test('the own answer is that of the own copy, whatever the list of attendees says', () => {
  const organizer = { name: 'Bo', address: 'bo@nordwind.example' };
  const attendees = [guest('ann@nordwind.example'), guest('cy@elsewhere.example')];
  const answerOf = (response: CalendarEvent['response']) =>
    itemOf(anEvent({ isOrganizer: false, organizer, attendees, response })).encryptedParticipants.map(
      ({ responseType }: Record<string, string>) => responseType,
    );
  assert.deepEqual(answerOf('tentativelyAccepted'), ['TENTATIVE', 'NO_RESPONSE']);
  assert.deepEqual(answerOf('accepted'), ['ACCEPTED', 'NO_RESPONSE']);
  assert.deepEqual(answerOf('none'), ['NO_RESPONSE', 'NO_RESPONSE']);
});

test('a private meeting comes to a room without subject, people and notes, and can be joined', async () => {
  const attendees = [guest('bo@nordwind.example')];
  const url = 'https://nordwind.webex.com/meet/ann';
  for (const sensitivity of ['private', 'confidential'] as const) {
    const event = anEvent({ sensitivity, attendees, locations: at(url) });
    const item = itemOf(event, webex(), roomView);
    for (const name of ['encryptedSubject', 'encryptedNotes', 'encryptedOrganizer', 'organizer'])
      assert.equal(item[name], undefined, name);
    assert.deepEqual(item.encryptedParticipants, []);
    assert.equal(item.meetingSensitivity, sensitivity.toUpperCase());
    assert.equal(await opened(item.meetingJoinInfo.meetingJoinURL), url);
  }
  for (const sensitivity of ['normal', 'personal'] as const)
    assert.equal(
      await opened(itemOf(anEvent({ sensitivity }), webex(), roomView).encryptedSubject),
      'Budget',
    );
});

test('whole days, several days and a moment have their length in minutes, a series its own id', () => {
  const DAY_MS = 86_400_000;
  const startAt = Date.UTC(2026, 11, 1);
  const lasting = (ms: number, isAllDay: boolean) =>
    itemOf(anEvent({ startAt, endAt: startAt + ms, isAllDay })).durationMinutes;
  assert.equal(lasting(DAY_MS, true), 1440);
  assert.equal(lasting(3 * DAY_MS, true), 4320);
  assert.equal(lasting(2.5 * DAY_MS, false), 3600);
  assert.equal(lasting(0, false), 1, 'the app computes its end from it');
  const occurrence = itemOf(anEvent({ type: 'occurrence', seriesMasterId: 'master' }));
  assert.deepEqual([occurrence.isRecurring, occurrence.seriesId], [true, 'master']);
  assert.deepEqual(itemOf(anEvent()).seriesId, 'AAMk-1');
});
