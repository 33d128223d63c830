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

/** The meeting item as Webex apps read it (reference: webex.md 1.3); empty fields are left out, as those apps do. */
export function meetingItem(
  meetingId: string,
  meeting: Meeting,
  itemKey: ItemKey,
  webexIdOf: (address: string) => string | null,
  random: Random,
): MeetingItem {
  const { uri: kid } = itemKey;
  const seal = sealerOf(itemKey, random);
  const organizer = webexIdOf(meeting.organizer.address);
  return {
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
}

/** The Join notification (reference: webex.md 4.7): what the app opens and what a room device dials, under the item's key. */
export function reminderItem(
  meetingId: string,
  meeting: Pick<Meeting, 'startAt' | 'endAt' | 'joinTarget'>,
  itemKey: ItemKey,
  random: Random,
): ReminderItem {
  return {
    id: meetingId,
    start: new Date(meeting.startAt).toISOString(),
    end: new Date(meeting.endAt).toISOString(),
    encryptionKeyUrl: itemKey.uri,
    meetingJoinInfo: joinInfo(meeting.joinTarget, sealerOf(itemKey, random)),
  };
}

function sealedText(meeting: Meeting, seal: Seal): Record<string, string> {
  return {
    ...(meeting.subject === '' ? {} : { encryptedSubject: seal(meeting.subject) }),
    ...(meeting.location === '' ? {} : { encryptedLocation: seal(meeting.location) }),
    ...(meeting.notes === '' ? {} : { encryptedNotes: seal(meeting.notes) }),
  };
}

function sealerOf({ uri: kid, key, place, algorithm }: ItemKey, random: Random): Seal {
  const ctx = contextOf(key, place);
  const nonce = nonceDrawer(random, NONCE_BYTES[algorithm]);
  return (text) => sealField(algorithm, key, text, nonce(), { kid, ctx });
}

function joinFields({ joinTarget: target }: Meeting, seal: Seal): Record<string, unknown> {
  if (target === null) return {};
  const meetingJoinInfo = joinInfo(target, seal);
  if (target.provider !== 'webex') return { meetingJoinInfo };
  const { meetingJoinURL: webexURL, meetingJoinURI: webexURI } = meetingJoinInfo;
  return { meetingJoinInfo, ...(webexURL && { webexURL }), ...(webexURI && { webexURI }) };
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
