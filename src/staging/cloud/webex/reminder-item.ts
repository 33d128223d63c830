import { z } from 'zod';
import { hasOneKey, SEALED } from './meeting-item.ts';

/** The Join notification of the ingest profile: the meeting's id and times, and how it is joined, sealed. */
export const REMINDER_ITEM = z
  .strictObject({
    id: z.string().min(1),
    start: z.iso.datetime(),
    end: z.iso.datetime(),
    encryptionKeyUrl: z.string().regex(/^kms:\/\/[^/]+\/keys\/[\w-]+$/),
    meetingJoinInfo: z.strictObject({
      meetingJoinURI: SEALED.optional(),
      meetingJoinURL: SEALED.optional(),
    }),
  })
  .refine(({ start, end }) => Date.parse(start) < Date.parse(end), {
    path: ['end'],
    error: 'is not after start',
  })
  .refine(hasOneKey, { path: ['encryptionKeyUrl'], error: 'is not the key that sealed every field' });
export type ReminderItem = z.infer<typeof REMINDER_ITEM>;
