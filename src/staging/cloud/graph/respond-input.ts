import { z } from 'zod';
import type { Reply } from './answers.ts';
import { readObject } from './event-input.ts';
import type { TimeSlot } from './graph-event.ts';
import { invalid } from './graph-refusal.ts';
import { type DateTimeTimeZone, instantOf, wallClock } from './time-zone.ts';

const ZONED = z.object({ dateTime: z.string(), timeZone: z.string().default('UTC') });
const RESPONSE = z.strictObject({
  comment: z.string().optional(),
  sendresponse: z.boolean().default(true),
  proposednewtime: z.object({ start: ZONED, end: ZONED }).nullish(),
});

/** Reads the parameters of accept, decline and tentativelyAccept (reference: graph.md 5.7); their names compare without case. */
export function readReply(text: string, response: Reply['response']): Reply {
  const parsed = RESPONSE.safeParse(text === '' ? {} : lowerNames(readObject(text)));
  if (!parsed.success)
    throw invalid('ErrorInvalidParameter', 'The parameters of the response are not valid.');
  const { sendresponse: send, proposednewtime } = parsed.data;
  if (!proposednewtime) return { response, send };
  if (response === 'accepted' || !send) {
    const message = 'A new time can only be proposed with a sent decline or tentative acceptance.';
    throw invalid('ErrorInvalidParameter', message);
  }
  return { response, send, proposedNewTime: readSlot(proposednewtime) };
}

/** The members under their names in lower case. */
export function lowerNames(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name.toLowerCase(), value]));
}

function readSlot({ start, end }: Readonly<Record<'start' | 'end', DateTimeTimeZone>>): TimeSlot {
  const [from, to] = [instantOf(start), instantOf(end)];
  if (to <= from)
    throw invalid('ErrorInvalidParameter', 'The end of the proposed time must be after its start.');
  return { start: wallClock(from), end: wallClock(to) };
}
