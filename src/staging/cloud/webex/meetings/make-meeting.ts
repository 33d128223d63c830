import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { CloudContext } from '../../cloud-context.ts';
import { type HeldMeeting, type Mail, mailTable, meetingTable } from './held-meeting.ts';
import type { HostCall } from './meeting-host.ts';
import type { NewMeeting } from './meeting-input.ts';

const SMALLEST_NUMBER = 20_000_000_000;

/** Makes a meeting whose input has been found good. `mailed`: host and invitees hear of it. */
export function makeMeeting(
  context: CloudContext,
  { callerId, hostUserId }: HostCall,
  input: NewMeeting,
  place: { readonly start: number; readonly end: number; readonly roomId: string | null },
): HeldMeeting {
  const {
    title,
    agenda = null,
    timezone = 'UTC',
    recurrence = null,
    integrationTags = [],
    invitees = [],
  } = input;
  const meeting: HeldMeeting = {
    id: randomBytes(16).toString('hex'),
    hostUserId,
    madeBy: callerId,
    meetingNumber: freeNumber(context),
    password: randomBytes(6).toString('base64url'),
    numericPassword: digits(8),
    hostKey: digits(6),
    linkId: `m${randomBytes(16).toString('hex')}`,
    title,
    agenda,
    ...place,
    timezone,
    recurrence,
    integrationTags,
    invitees,
    exceptions: {},
    created: context.clock.now(),
  };
  meetingTable(context).put(meeting.id, meeting);
  mail(context, meeting.id, 'made', input.sendEmail);
  return meeting;
}

/** Notes that Webex wrote to the people of a meeting, when it was not told to be silent. */
export function mail(context: CloudContext, meetingId: string, about: Mail['about'], sent: boolean): void {
  if (sent) mailTable(context).put(randomUUID(), { at: context.clock.now(), meetingId, about });
}

function freeNumber(context: CloudContext): string {
  const taken = new Set(
    meetingTable(context)
      .all()
      .map(({ meetingNumber }) => meetingNumber),
  );
  for (;;) {
    const number = String(SMALLEST_NUMBER + randomInt(10_000_000_000));
    if (!taken.has(number)) return number;
  }
}

function digits(count: number): string {
  return String(randomInt(10 ** (count - 1), 10 ** count));
}
