import { z } from 'zod';
import type { Telephony } from '../domain/scheduling-ports.ts';

/** How one joins a meeting or a personal room by telephone (reference: webex.md 4.4); null where it is missing or of another shape. */
export const TELEPHONY = z
  .object({
    accessCode: z.string().min(1),
    callInNumbers: z.array(z.object({ label: z.string().nullish(), callInNumber: z.string() })),
  })
  .transform(
    ({ accessCode, callInNumbers }): Telephony => ({
      accessCode,
      numbers: callInNumbers.map(({ label, callInNumber }) => ({ label: label ?? '', number: callInNumber })),
    }),
  )
  .nullish()
  .transform((telephony) => telephony ?? null)
  .catch(null);
