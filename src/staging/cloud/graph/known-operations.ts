import { GraphRefusal, notSimulated } from './graph-refusal.ts';

const USER = '/v1.0/users/[^/]+';
const EVENT = `${USER}/(?:calendar/)?events/[^/]+`;

// Paths that are simulated: another method on them is 405.
const SIMULATED = [
  `${USER}/(?:calendar/)?events`,
  EVENT,
  `${EVENT}/(?:accept|decline|tentativelyAccept)`,
  `${EVENT}/(?:instances|attachments)`,
  `${USER}/(?:calendar/)?calendarView(?:/delta)?`,
  `${USER}/calendar/getSchedule`,
  `${USER}/mailboxSettings(?:/[^/]+)?`,
  '/v1.0/subscriptions',
  '/v1.0/subscriptions/[^/]+',
  '/v1.0/subscriptions/[^/]+/reauthorize',
  '/v1.0/\\$batch',
];

// Paths that the real Graph has and this one does not yet.
const NOT_YET = [
  `${EVENT}/(?:cancel|forward|snoozeReminder|dismissReminder|extensions|calendar)(?:/.*)?`,
  `${EVENT}/attachments/.+`,
  `${USER}/events/delta`,
  `${USER}/calendar`,
  `${USER}/calendars(?:/.*)?`,
  `${USER}/(?:getMailTips|translateExchangeIds|findMeetingTimes)`,
];

// Directory objects, for which nobody has consented.
const FORBIDDEN = [
  '/v1.0/users',
  USER,
  '/v1.0/domains(?:/.*)?',
  '/v1.0/groups(?:/.*)?',
  '/v1.0/organization',
];

/** Why no route took the call: 405, 501, 403 or 404. */
export function refuseUnrouted(path: string): GraphRefusal {
  if (matches(NOT_YET, path)) return notSimulated(path.replaceAll(/\/users\/[^/]+/g, '/users/…'));
  if (matches(SIMULATED, path))
    return new GraphRefusal(405, 'Request_BadRequest', 'Specified HTTP method is not allowed.');
  if (matches(FORBIDDEN, path)) {
    return new GraphRefusal(
      403,
      'Authorization_RequestDenied',
      'Insufficient privileges to complete the operation.',
    );
  }
  return new GraphRefusal(404, 'ResourceNotFound', 'Resource not found for the segment.');
}

function matches(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) => new RegExp(`^${pattern}/?$`, 'i').test(path));
}
