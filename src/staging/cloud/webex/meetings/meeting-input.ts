import { z } from 'zod';
import { readRule } from './recurrence-rule.ts';

const MINUTE_MS = 60_000;
const SHORTEST_MS = 10 * MINUTE_MS;
const LONGEST_MS = (24 * 60 - 1) * MINUTE_MS;

const TITLE = z.string().min(1).max(128);
const AGENDA = z.string().max(1_300);
const TIME = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?$/);
const ZONE = z.string().refine(isZone, 'is no IANA time zone');
const RULE = z.string().refine((text) => readRule(text) !== null, 'is no recurrence that Webex takes');
const TAGS = z.array(z.string().min(1).max(64)).max(3);
export const INVITEE = z.strictObject({
  email: z.email(),
  displayName: z.string().max(128).optional(),
  coHost: z.boolean().optional(),
});

/** Body of POST /meetings. What else the real one takes is refused here, so that nobody believes it had an effect. */
export const NEW_MEETING = z.strictObject({
  title: TITLE,
  agenda: AGENDA.optional(),
  start: TIME,
  end: TIME,
  timezone: ZONE.optional(),
  recurrence: RULE.optional(),
  hostEmail: z.string().optional(),
  siteUrl: z.string().optional(),
  roomId: z.string().optional(),
  invitees: z.array(INVITEE).max(1_000).optional(),
  sendEmail: z.boolean().default(true),
  scheduledType: z.literal('meeting').optional(),
  integrationTags: TAGS.optional(),
  allowAuthenticatedDevices: z.boolean().optional(),
  enabledJoinBeforeHost: z.boolean().optional(),
  joinBeforeHostMinutes: z.union([z.literal(0), z.literal(5), z.literal(10), z.literal(15)]).optional(),
});
export type NewMeeting = z.infer<typeof NEW_MEETING>;

/** Body of PATCH /meetings/{meetingId}; null takes a member away. */
export const MEETING_PATCH = z.strictObject({
  title: TITLE.optional(),
  agenda: AGENDA.nullish(),
  start: TIME.optional(),
  end: TIME.optional(),
  timezone: ZONE.optional(),
  recurrence: RULE.nullish(),
  hostEmail: z.string().optional(),
  sendEmail: z.boolean().default(true),
  integrationTags: TAGS.optional(),
});
export type MeetingPatch = z.infer<typeof MEETING_PATCH>;

/** Start and end of a meeting as Webex keeps them, or what is wrong with them. */
export function timesOf(
  { start, end, timezone }: { readonly start: string; readonly end: string; readonly timezone: string },
  now: number,
): { readonly start: number; readonly end: number } | string {
  const [from, to] = [instantOf(start, timezone), instantOf(end, timezone)];
  if (from === null || to === null) return 'start and end are times';
  const begin = sameMinute(from, now) ? nextMinute(now) : minuteOf(from);
  const length = minuteOf(to) - begin;
  if (begin < now) return 'start must not be in the past';
  if (length < SHORTEST_MS) return 'a meeting lasts at least 10 minutes';
  if (length > LONGEST_MS) return 'a meeting lasts less than 24 hours';
  return { start: begin, end: minuteOf(to) };
}

function instantOf(text: string, timezone: string): number | null {
  try {
    if (/(?:Z|[+-]\d\d:\d\d)$/.test(text)) return Temporal.Instant.from(text).epochMilliseconds;
    return Temporal.PlainDateTime.from(text).toZonedDateTime(timezone).epochMilliseconds;
  } catch {
    return null;
  }
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}

function minuteOf(instant: number): number {
  return Math.floor(instant / MINUTE_MS) * MINUTE_MS;
}

function nextMinute(instant: number): number {
  return Math.ceil(instant / MINUTE_MS) * MINUTE_MS;
}

function sameMinute(a: number, b: number): boolean {
  return minuteOf(a) === minuteOf(b);
}
