import { randomBytes, randomUUID } from 'node:crypto';

export const KEY = `kms://kms.example.com/keys/${randomUUID()}`;

/** A compact JWE of random bytes: a cloud side looks at its form and can't open it. */
export function jwe(more: object = {}, enc: 'A256GCM' | 'XC20P' = 'A256GCM', bytes = 40): string {
  const header = Buffer.from(JSON.stringify({ alg: 'dir', enc, ...more })).toString('base64url');
  const parts = [randomBytes(enc === 'A256GCM' ? 12 : 24), randomBytes(bytes), randomBytes(16)];
  return [header, '', ...parts.map((part) => part.toString('base64url'))].join('.');
}

/** The least that an item has. */
export function plainItem(id: string) {
  return {
    id,
    seriesId: id,
    start: '2026-03-01T09:00:00.000Z',
    durationMinutes: 30,
    isRecurring: false,
    encryptionKeyUrl: KEY,
  };
}

/** A reminder of a meeting that is about to begin. */
export function reminder(id: string) {
  const at = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
  const meetingJoinInfo = { meetingJoinURI: jwe(), meetingJoinURL: jwe() };
  return { id, start: at(5), end: at(35), encryptionKeyUrl: KEY, meetingJoinInfo };
}

/** An item of as many people as an invitation can have. */
export function crowdedItem(id: string) {
  const [someone] = fullItem(id).encryptedParticipants;
  return {
    ...fullItem(id),
    encryptedParticipants: Array(500).fill(someone),
    encryptedNotes: jwe({}, 'A256GCM', 40_000),
  };
}

/** An item with every member that there is. */
export function fullItem(id: string, sealed: () => string = jwe) {
  const person = { encryptedEmailAddress: sealed(), encryptedName: sealed() };
  const types = ['REQUIRED', 'OPTIONAL', 'RESOURCE'] as const;
  const responses = ['NO_RESPONSE', 'UNKNOWN_RESPONSE', 'ACCEPTED', 'TENTATIVE', 'DECLINED'] as const;
  const participants = types.flatMap((participantType) =>
    responses.map((responseType) => ({
      id: randomUUID(),
      type: 'PERSON',
      orgId: randomUUID(),
      participantType,
      responseType,
      ...person,
    })),
  );
  return {
    ...plainItem(id),
    organizer: randomUUID(),
    isRecurring: true,
    hasAttachments: true,
    meetingSensitivity: 'PRIVATE',
    conversationId: randomUUID(),
    encryptedSubject: sealed(),
    encryptedLocation: sealed(),
    encryptedNotes: sealed(),
    encryptedOrganizer: person,
    encryptedParticipants: participants,
    webexURI: sealed(),
    webexURL: sealed(),
    spaceURI: sealed(),
    spaceURL: sealed(),
    spaceMeetURL: sealed(),
    meetingJoinInfo: { meetingJoinURI: sealed(), meetingJoinURL: sealed() },
    links: [{ href: 'https://example.com/', rel: 'self' }],
  };
}
