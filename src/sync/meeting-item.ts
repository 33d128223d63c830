import type { Attendee, Person } from '../domain/calendar-event.ts';
import { dialOf } from '../domain/join-target/join-target.ts';
import type { Meeting } from '../domain/meeting.ts';
import type { MeetingItem, Random, ReminderItem } from '../domain/ports.ts';
import { contextOf, sealField } from '../seal/jwe.ts';
import { nonceDrawer } from '../seal/nonces.ts';
import type { LentKey } from './sealed-meeting.ts';

export interface ItemKey extends LentKey {
  readonly algorithm: 'A256GCM' | 'XC20P';
}

const NONCE_BYTES = { A256GCM: 12, XC20P: 24 } as const;
const RESPONSES = {
  none: 'NO_RESPONSE',
  notResponded: 'NO_RESPONSE',
  organizer: 'ACCEPTED',
  accepted: 'ACCEPTED',
  tentativelyAccepted: 'TENTATIVE',
  declined: 'DECLINED',
} as const;
const TYPES = { required: 'REQUIRED', optional: 'OPTIONAL', resource: 'RESOURCE' } as const;

type Seal = (text: string) => string;

/** What is known at Webex of those concerned. */
export interface AtWebex {
  /** UUID of an enabled person or room; null for anybody else. */
  readonly idOf: (address: string) => string | null;
  /** Of the person or room whose list it is. */
  readonly ownId: string | null;
  /** UUID of the organisation that the enabled ones belong to; null while it is not known. */
  readonly orgId: string | null;
  /** UUID of the space that was made for the meeting. */
  readonly spaceId: string | null;
}

/** A meeting item, and how many of its fields were sealed. */
export interface SealedItem {
  readonly item: MeetingItem;
  readonly seals: number;
}

/** The meeting item as Webex apps read it (reference: webex.md 1.3); empty fields are left out, as those apps do. */
export function meetingItem(
  meetingId: string,
  meeting: Meeting,
  itemKey: ItemKey,
  webex: AtWebex,
  random: Random,
): SealedItem {
  const { uri: kid } = itemKey;
  const { seal, seals } = sealerOf(itemKey, random);
  const organizer = webex.idOf(meeting.organizer.address);
  const organizerSealed = sealedPerson(meeting.organizer, seal);
  const item = {
    id: meetingId,
    seriesId: meeting.seriesId,
    start: new Date(meeting.startAt).toISOString(),
    durationMinutes: Math.max(1, Math.round((meeting.endAt - meeting.startAt) / 60_000)),
    isRecurring: meeting.isRecurring,
    hasAttachments: meeting.hasAttachments,
    meetingSensitivity: meeting.sensitivity.toUpperCase(),
    encryptionKeyUrl: kid,
    ...(organizer === null ? {} : { organizer }),
    ...sealedText(meeting, seal),
    ...joinFields(meeting, webex.spaceId, seal),
    ...spaceFields(webex.spaceId, seal),
    ...(Object.keys(organizerSealed).length === 0 ? {} : { encryptedOrganizer: organizerSealed }),
    encryptedParticipants: meeting.participants.map((one) => participant(one, meeting, seal, webex)),
    links: [],
  };
  return { item, seals: seals() };
}

/** The Join notification (reference: webex.md 4.7): what the app opens and what a room device dials, under the item's key. */
export function reminderItem(
  meetingId: string,
  meeting: Pick<Meeting, 'startAt' | 'endAt' | 'joinTarget'>,
  itemKey: ItemKey,
  random: Random,
): { readonly item: ReminderItem; readonly seals: number } {
  const { seal, seals } = sealerOf(itemKey, random);
  const item = {
    id: meetingId,
    start: new Date(meeting.startAt).toISOString(),
    end: new Date(meeting.endAt).toISOString(),
    encryptionKeyUrl: itemKey.uri,
    meetingJoinInfo: joinInfo(meeting.joinTarget, seal),
  };
  return { item, seals: seals() };
}

function sealedText(meeting: Meeting, seal: Seal): Record<string, string> {
  return {
    ...(meeting.subject === '' ? {} : { encryptedSubject: seal(meeting.subject) }),
    ...(meeting.location === '' ? {} : { encryptedLocation: seal(meeting.location) }),
    ...(meeting.notes === '' ? {} : { encryptedNotes: seal(meeting.notes) }),
  };
}

/** Seals fields, and counts how many it has sealed. */
function sealerOf(
  { uri: kid, key, place, algorithm }: ItemKey,
  random: Random,
): { readonly seal: Seal; readonly seals: () => number } {
  const ctx = contextOf(key, place);
  const nonce = nonceDrawer(random, NONCE_BYTES[algorithm]);
  let count = 0;
  const seal: Seal = (text) => {
    count += 1;
    return sealField(algorithm, key, text, nonce(), { kid, ctx });
  };
  return { seal, seals: () => count };
}

/** A space's own meeting has an address of this form, a personal room of the other (reference: webex.md 5.2). */
const OF_SPACE = /^https:\/\/[^/?#]+\/(?:[\w-]+\/)?m\/[0-9a-f-]{36}(?:$|[?#])/i;
const OF_ROOM = /^https:\/\/[^/?#]+\/(?:meet|join)\//i;

/** Whether an address of Webex is that of a personal room. */
export function isPersonalRoom(address: string): boolean {
  return OF_ROOM.test(address);
}

function joinFields(
  { joinTarget: target }: Meeting,
  spaceId: string | null,
  seal: Seal,
): Record<string, unknown> {
  if (target === null) return {};
  const meetingJoinInfo = joinInfo(target, seal);
  if (target.provider !== 'webex') return { meetingJoinInfo };
  const { meetingJoinURL: url, meetingJoinURI: uri } = meetingJoinInfo;
  // What was made in a space is a scheduled meeting by its address; a personal room in the same invitation stays one.
  const address = target.url ?? '';
  const isOfSpace = OF_SPACE.test(address) || (spaceId !== null && !isPersonalRoom(address));
  const [urlName, uriName] = isOfSpace
    ? (['spaceMeetURL', 'spaceURI'] as const)
    : (['webexURL', 'webexURI'] as const);
  return { meetingJoinInfo, ...(url && { [urlName]: url }), ...(uri && { [uriName]: uri }) };
}

/** The space of the meeting, and the link that opens it in the app. */
function spaceFields(spaceId: string | null, seal: Seal): Record<string, string> {
  if (spaceId === null) return {};
  return { conversationId: spaceId, spaceURL: seal(`webexteams://im?space=${spaceId}`) };
}

function joinInfo(target: Meeting['joinTarget'], seal: Seal): ReminderItem['meetingJoinInfo'] {
  if (target === null) return {};
  const { device } = dialOf(target);
  return {
    ...(target.url === null ? {} : { meetingJoinURL: seal(target.url) }),
    ...(device === null || device === target.url ? {} : { meetingJoinURI: seal(device) }),
  };
}

function sealedPerson(person: Person, seal: Seal): Record<string, string> {
  return {
    ...(person.address === '' ? {} : { encryptedEmailAddress: seal(person.address) }),
    ...(person.name === '' ? {} : { encryptedName: seal(person.name) }),
  };
}

function participant(
  one: Attendee,
  meeting: Meeting,
  seal: Seal,
  { idOf, ownId, orgId }: AtWebex,
): Record<string, unknown> {
  const id = idOf(one.address);
  return {
    ...(id === null ? {} : { id, ...(orgId === null ? {} : { orgId }) }),
    type: 'PERSON',
    participantType: TYPES[one.type],
    responseType: RESPONSES[id !== null && id === ownId ? ownResponse(one, meeting) : one.response],
    ...sealedPerson(one, seal),
  };
}

/** The list of attendees in one's own copy does not tell one's own answer. */
function ownResponse({ response: told }: Attendee, { response = 'none' }: Meeting): Attendee['response'] {
  return response === 'none' || response === 'organizer' ? told : response;
}
