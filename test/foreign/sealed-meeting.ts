import { randomBytes, randomUUID } from 'node:crypto';
import type { Meeting } from '../../src/domain/meeting.ts';
import type { MeetingItem } from '../../src/domain/ports.ts';
import { type ItemKey, meetingItem } from '../../src/sync/meeting-item.ts';

export const RANDOM = {
  bytes: (length: number) => randomBytes(length),
  unit: () => 0,
  uuid: () => randomUUID(),
};

/** A meeting in which every member that can be sealed is filled, with letters of several scripts. */
export const MEETING: Meeting = {
  subject: 'Möte om budget ✓ 予算',
  location: 'Zürich, Saal 3',
  notes: 'Bring „zahlen“.\n\tAnd 📎'.repeat(400),
  organizer: { name: 'Åsa Öberg', address: 'asa@nordwind.example' },
  participants: [
    { name: 'Ann', address: 'ann@nordwind.example', type: 'required', response: 'accepted' },
    { name: '', address: 'room@nordwind.example', type: 'resource', response: 'none' },
  ],
  joinTarget: {
    provider: 'webex',
    url: 'https://nordwind.webex.com/meet/asa?x=1&y=ü',
    sip: 'asa@nordwind.webex.com',
    source: 'location',
  },
  iCalUId: 'uid',
  seriesId: 'series',
  isRecurring: false,
  isAllDay: false,
  hasAttachments: false,
  sensitivity: 'normal',
  startAt: Date.UTC(2026, 11, 1, 9),
  endAt: Date.UTC(2026, 11, 1, 10),
};

/** The item as Webex gets it. */
export function sealedMeeting(uri: string, key: Uint8Array, algorithm: ItemKey['algorithm']): MeetingItem {
  const place = { purpose: 'meeting', tenant: 't', mailbox: '1', event: 'AAMk', version: 1 } as const;
  return meetingItem(
    randomUUID(),
    MEETING,
    { uri, key, place, algorithm },
    { idOf: () => null, ownId: null, orgId: null, spaceId: null },
    RANDOM,
  ).item;
}

/** Every compact JWE in an item with its path, e.g. `encryptedOrganizer.encryptedName`. */
export function fieldsOf(value: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return /^eyJ[\w-]+\.\./.test(value) ? [[path, value]] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, member]) =>
    fieldsOf(member, path === '' ? name : `${path}.${name}`),
  );
}

/** What the fields of `sealedMeeting` hold, by path. */
export const PLAIN: Readonly<Record<string, string>> = {
  encryptedSubject: MEETING.subject,
  encryptedLocation: MEETING.location,
  encryptedNotes: MEETING.notes,
  'meetingJoinInfo.meetingJoinURL': MEETING.joinTarget?.url ?? '',
  'meetingJoinInfo.meetingJoinURI': MEETING.joinTarget?.sip ?? '',
  webexURL: MEETING.joinTarget?.url ?? '',
  webexURI: MEETING.joinTarget?.sip ?? '',
  'encryptedOrganizer.encryptedEmailAddress': MEETING.organizer.address,
  'encryptedOrganizer.encryptedName': MEETING.organizer.name,
  'encryptedParticipants.0.encryptedEmailAddress': 'ann@nordwind.example',
  'encryptedParticipants.0.encryptedName': 'Ann',
  'encryptedParticipants.1.encryptedEmailAddress': 'room@nordwind.example',
};
