import type { Attendee, Person } from '../domain/calendar-event.ts';
import { dialOf } from '../domain/join-target/join-target.ts';
import type { Meeting } from '../domain/meeting.ts';
import type { Place } from '../domain/place.ts';
import type { MeetingItem, Random } from '../domain/ports.ts';
import { contextOf, sealField } from '../seal/jwe.ts';
import { nonceDrawer } from '../seal/nonces.ts';

export interface ItemKey {
  readonly uri: string;
  /** The 32 bytes, lent for this one call. */
  readonly key: Uint8Array;
  readonly place: Place;
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
  webexIdOf: (address: string) => string | null,
  random: Random,
): SealedItem {
  const { uri: kid, key, algorithm } = itemKey;
  const ctx = contextOf(key, itemKey.place);
  const nonce = nonceDrawer(random, NONCE_BYTES[algorithm]);
  let seals = 0;
  const seal: Seal = (text) => {
    seals += 1;
    return sealField(algorithm, key, text, nonce(), { kid, ctx });
  };
  const organizer = webexIdOf(meeting.organizer.address);
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
    ...joinFields(meeting, seal),
    encryptedOrganizer: sealedPerson(meeting.organizer, seal),
    encryptedParticipants: meeting.participants.map((one) => participant(one, seal, webexIdOf)),
    links: [],
  };
  return { item, seals };
}

function sealedText(meeting: Meeting, seal: Seal): Record<string, string> {
  return {
    ...(meeting.subject === '' ? {} : { encryptedSubject: seal(meeting.subject) }),
    ...(meeting.location === '' ? {} : { encryptedLocation: seal(meeting.location) }),
    ...(meeting.notes === '' ? {} : { encryptedNotes: seal(meeting.notes) }),
  };
}

function joinFields(meeting: Meeting, seal: Seal): Record<string, unknown> {
  const target = meeting.joinTarget;
  if (target === null) return {};
  const url = target.url === null ? null : seal(target.url);
  const { device } = dialOf(target);
  const uri = device === null || device === target.url ? null : seal(device);
  const generic = { ...(url && { meetingJoinURL: url }), ...(uri && { meetingJoinURI: uri }) };
  if (target.provider !== 'webex') return { meetingJoinInfo: generic };
  return { meetingJoinInfo: generic, ...(url && { webexURL: url }), ...(uri && { webexURI: uri }) };
}

function sealedPerson(person: Person, seal: Seal): Record<string, string> {
  return {
    ...(person.address === '' ? {} : { encryptedEmailAddress: seal(person.address) }),
    ...(person.name === '' ? {} : { encryptedName: seal(person.name) }),
  };
}

function participant(
  one: Attendee,
  seal: Seal,
  webexIdOf: (address: string) => string | null,
): Record<string, unknown> {
  const id = webexIdOf(one.address);
  return {
    ...(id === null ? {} : { id }),
    type: 'PERSON',
    participantType: TYPES[one.type],
    responseType: RESPONSES[one.response],
    ...sealedPerson(one, seal),
  };
}
