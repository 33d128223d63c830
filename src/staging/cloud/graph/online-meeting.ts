import { randomInt, randomUUID } from 'node:crypto';
import type { EventInput } from './event-input.ts';
import type { GraphEvent, OnlineMeeting } from './graph-event.ts';
import { previewOf, storedHtml } from './html-body.ts';

/**
 * Teams as a by-product of a write (reference: graph.md 5.2 and op 8): switched on once and never off again by the flag, but
 * lost with the join block in the body. Providers the calendar does not allow are passed over in silence.
 */
export function withOnlineMeeting(before: GraphEvent, after: GraphEvent, input: EventInput): GraphEvent {
  if (before.onlineMeeting !== null)
    return keepsBlock(before.onlineMeeting, after) ? after : switchedOff(after);
  const provider = input.onlineMeetingProvider ?? 'teamsForBusiness';
  return input.isOnlineMeeting === true && provider === 'teamsForBusiness' ? switchedOn(after) : after;
}

function keepsBlock({ joinUrl }: OnlineMeeting, { body }: GraphEvent): boolean {
  return body.content.includes(joinUrl);
}

function switchedOff(event: GraphEvent): GraphEvent {
  return { ...event, isOnlineMeeting: false, onlineMeetingProvider: 'unknown', onlineMeeting: null };
}

function switchedOn(event: GraphEvent): GraphEvent {
  const onlineMeeting = makeMeeting();
  const content = storedHtml(event.body.content.replace('</body>', `${joinBlock(onlineMeeting)}</body>`));
  return {
    ...event,
    isOnlineMeeting: true,
    onlineMeetingProvider: 'teamsForBusiness',
    onlineMeeting,
    body: { contentType: 'html', content },
    bodyPreview: previewOf(content),
  };
}

function makeMeeting(): OnlineMeeting {
  const thread = `19:meeting_${Buffer.from(randomUUID()).toString('base64url')}@thread.v2`;
  const joinUrl = `https://teams.microsoft.com/l/meetup-join/${encodeURIComponent(thread)}/0`;
  return {
    joinUrl,
    conferenceId: String(randomInt(100_000_000, 999_999_999)),
    tollNumber: '+46 8 555 010 00',
  };
}

function joinBlock({ joinUrl, conferenceId, tollNumber }: OnlineMeeting): string {
  const line = '_'.repeat(80);
  return [
    `<br>\n<div class="me-email-text"><div>${line}</div>`,
    `<div><span>Microsoft Teams</span></div>`,
    `<div><a class="me-email-headline" href="${joinUrl}">Join the meeting now</a></div>`,
    `<div>${tollNumber},,${conferenceId}#</div>`,
    `<div>${line}</div></div>\n`,
  ].join('\n');
}
