import { z } from 'zod';

const HEADER = z.strictObject({
  alg: z.literal('dir'),
  enc: z.enum(['A256GCM', 'XC20P']),
  kid: z.string().optional(),
  ctx: z.string().optional(),
});

function isSealed(text: string): boolean {
  const parts = text.split('.');
  if (parts.length !== 5 || parts[1] !== '' || parts.some((part, n) => n !== 1 && !/^[\w-]*$/.test(part)))
    return false;
  try {
    return HEADER.safeParse(JSON.parse(Buffer.from(parts[0] ?? '', 'base64url').toString())).success;
  } catch {
    return false;
  }
}

const SEALED = z.string().refine(isSealed, 'must be a compact JWE');
const PERSON = { encryptedEmailAddress: SEALED.optional(), encryptedName: SEALED.optional() };

/** The meeting item of the ingest profile: every sensitive member sealed, nothing besides (reference: webex.md 1.3). */
export const MEETING_ITEM = z.strictObject({
  id: z.string().min(1),
  seriesId: z.string().min(1),
  start: z.iso.datetime(),
  durationMinutes: z.int().min(1),
  organizer: z.guid().optional(),
  isRecurring: z.boolean(),
  hasAttachments: z.boolean().optional(),
  meetingSensitivity: z.string().optional(),
  encryptionKeyUrl: z.string().startsWith('kms://'),
  encryptedSubject: SEALED.optional(),
  encryptedLocation: SEALED.optional(),
  encryptedNotes: SEALED.optional(),
  encryptedOrganizer: z.strictObject(PERSON).optional(),
  encryptedParticipants: z
    .array(
      z.strictObject({
        id: z.guid().optional(),
        type: z.literal('PERSON'),
        orgId: z.guid().optional(),
        participantType: z.enum(['REQUIRED', 'OPTIONAL', 'RESOURCE']),
        responseType: z.enum(['NO_RESPONSE', 'UNKNOWN_RESPONSE', 'ACCEPTED', 'TENTATIVE', 'DECLINED']),
        ...PERSON,
      }),
    )
    .optional(),
  webexURI: SEALED.optional(),
  webexURL: SEALED.optional(),
  spaceURI: SEALED.optional(),
  spaceURL: SEALED.optional(),
  spaceMeetURL: SEALED.optional(),
  meetingJoinInfo: z
    .strictObject({ meetingJoinURI: SEALED.optional(), meetingJoinURL: SEALED.optional() })
    .optional(),
  links: z.array(z.strictObject({ href: z.url(), rel: z.string() })).optional(),
});
export type MeetingItem = z.infer<typeof MEETING_ITEM>;
