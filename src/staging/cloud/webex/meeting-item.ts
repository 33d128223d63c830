import { z } from 'zod';

const HEADER = z.strictObject({
  alg: z.literal('dir'),
  enc: z.enum(['A256GCM', 'XC20P']),
  kid: z.string().optional(),
  ctx: z.string().optional(),
});
type Header = z.infer<typeof HEADER>;

const NONCE_CHARS = { A256GCM: 16, XC20P: 32 } as const;
const TAG_CHARS = 22;

/** The header of a compact JWE as Webex apps open it (reference: webex.md 1.4); null for anything else. */
function headerOf(text: string): Header | null {
  const [head = '', encryptedKey, nonce = '', body = '', tag = '', ...more] = text.split('.');
  if (encryptedKey !== '' || more.length > 0 || body === '') return null;
  if (![head, nonce, body, tag].every((part) => /^[\w-]*$/.test(part))) return null;
  const header = readHeader(head);
  const fits = header !== null && nonce.length === NONCE_CHARS[header.enc] && tag.length === TAG_CHARS;
  return fits ? header : null;
}

function readHeader(encoded: string): Header | null {
  try {
    return HEADER.safeParse(JSON.parse(Buffer.from(encoded, 'base64url').toString())).data ?? null;
  } catch {
    return null;
  }
}

/** A compact JWE. */
export const SEALED = z.string().refine((text) => headerOf(text) !== null, 'must be a compact JWE');
const PERSON = { encryptedEmailAddress: SEALED.optional(), encryptedName: SEALED.optional() };

/** The meeting item of the ingest profile: every sensitive member sealed, nothing besides (reference: webex.md 1.3). */
export const MEETING_ITEM = z
  .strictObject({
    id: z.string().min(1),
    seriesId: z.string().min(1),
    start: z.iso.datetime(),
    durationMinutes: z.int().min(1),
    organizer: z.guid().optional(),
    isRecurring: z.boolean(),
    hasAttachments: z.boolean().optional(),
    meetingSensitivity: z.string().optional(),
    conversationId: z.guid().optional(),
    encryptionKeyUrl: z.string().regex(/^kms:\/\/[^/]+\/keys\/[\w-]+$/),
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
  })
  .refine(hasOneKey, { path: ['encryptionKeyUrl'], error: 'is not the key that sealed every field' });
export type MeetingItem = z.infer<typeof MEETING_ITEM>;

/** One key for all ciphertext of an item; a field that names its key has to name that one. */
export function hasOneKey(item: { readonly encryptionKeyUrl: string }): boolean {
  const named = textsIn(item).map((text) => headerOf(text)?.kid);
  return named.every((kid) => kid === undefined || kid === item.encryptionKeyUrl);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
