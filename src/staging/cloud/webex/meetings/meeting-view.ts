import type { CloudContext } from '../../cloud-context.ts';
import { personOf } from '../person-index.ts';
import { publicId } from '../public-id.ts';
import type { HeldMeeting } from './held-meeting.ts';
import { goesOn, type Occurrence } from './occurrences.ts';

/** The address of a meeting's page. */
export function linkOf(context: CloudContext, { linkId }: HeldMeeting): string {
  const { site } = context.directory;
  return `https://${site}/${site.split('.')[0]}/j.php?MTID=${linkId}`;
}

/** A whole series as Webex answers it. */
export function seriesView(context: CloudContext, meeting: HeldMeeting): object {
  const { recurrence, start, end } = meeting;
  return {
    ...shared(context, meeting),
    id: meeting.id,
    title: meeting.title,
    meetingType: 'meetingSeries',
    state: goesOn(meeting, context.clock.now()) ? 'active' : 'expired',
    start: time(start),
    end: time(end),
    ...(recurrence === null ? {} : { recurrence }),
  };
}

/** One occurrence of a series as Webex answers it. */
export function occurrenceView(context: CloudContext, meeting: HeldMeeting, one: Occurrence): object {
  const now = context.clock.now();
  return {
    ...shared(context, meeting),
    id: `${meeting.id}_${one.stamp}`,
    title: one.title,
    meetingType: 'scheduledMeeting',
    state: one.end <= now ? 'missed' : one.start <= now ? 'ready' : 'scheduled',
    start: time(one.start),
    end: time(one.end),
  };
}

/** What lists and changes answer besides. */
export function listed(view: object, meeting: HeldMeeting, one: Occurrence | null = null): object {
  return { ...view, meetingSeriesId: meeting.id, ...(one !== null && { isModified: one.isModified }) };
}

function shared(context: CloudContext, meeting: HeldMeeting): object {
  const { site } = context.directory;
  const { agenda, roomId, meetingNumber, integrationTags } = meeting;
  return {
    meetingNumber,
    ...(agenda === null ? {} : { agenda }),
    password: meeting.password,
    phoneAndVideoSystemPassword: meeting.numericPassword,
    timezone: 'UTC',
    ...host(context, meeting),
    hostKey: meeting.hostKey,
    siteUrl: site,
    webLink: linkOf(context, meeting),
    sipAddress: `${meetingNumber}@${site}`,
    dialInIpAddress: '192.0.2.10',
    ...(roomId === null ? {} : { roomId: publicId('ROOM', roomId) }),
    enabledAutoRecordMeeting: false,
    allowAnyUserToBeCoHost: false,
    scheduledType: 'meeting',
    telephony: {
      accessCode: meetingNumber,
      callInNumbers: [{ label: 'Germany Toll', callInNumber: '+49-30-23125000', tollType: 'toll' }],
      links: [
        { rel: 'globalCallinNumbers', href: `/v1/meetings/${meeting.id}/globalCallinNumbers`, method: 'GET' },
      ],
    },
    ...(integrationTags.length === 0 ? {} : { integrationTags }),
    enabledBreakoutSessions: false,
  };
}

function host(context: CloudContext, { hostUserId }: HeldMeeting): object {
  const person = personOf(context, hostUserId);
  return {
    hostUserId: publicId('PEOPLE', hostUserId),
    hostDisplayName: person?.name ?? 'the service app',
    hostEmail: person?.address ?? `service-app@${context.directory.site}`,
  };
}

// The times are asked for in UTC: nobody here sends the `timezone` header.
function time(instant: number): string {
  return new Date(instant).toISOString().replace('.000', '');
}
