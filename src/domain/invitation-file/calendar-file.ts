import ICAL from 'ical.js';
import { readBody } from '../html-text.ts';
import type { Invitation } from '../join-target/invitation.ts';

/** Properties that hold the link of an online meeting, and nothing else (the first: RFC 7986). */
const ONLINE = [
  'conference',
  'x-google-conference',
  'x-microsoft-skypeteamsmeetingurl',
  'x-microsoft-onlinemeetingconflink',
  'x-microsoft-onlinemeetingexternallink',
  'x-microsoft-onlinemeetinginformation',
  'x-zoom-meeting-url',
  'url',
] as const;

/** The first event of a calendar file; null when there is none. */
export function readCalendar(text: string): Invitation | null {
  const event = firstEvent(text) ?? firstEvent(mended(text));
  if (event === null) return null;
  const texts = (name: string): string[] =>
    event.getAllProperties(name).flatMap((property) => property.getValues().map(String));
  const html = texts('x-alt-desc').map((content) => readBody('html', content));
  const styled = event.getAllProperties('styled-description').map((property) => {
    const type = property.getFirstParameter('fmttype') === 'text/html' ? 'html' : 'text';
    return readBody(type, String(property.getFirstValue()));
  });
  const plain = texts('description').map((content) => readBody(isHtml(content) ? 'html' : 'text', content));
  return {
    onlineMeeting: ONLINE.flatMap(texts),
    locations: texts('location'),
    bodies: [...html, ...styled, ...plain],
  };
}

/** What others wrote by hand or cut off: lines that are none go, and what was begun is ended. */
function mended(text: string): string {
  const lines = text
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]/g, '')
    .split('\n');
  const inside = lines.filter((line) => /^[A-Za-z0-9-]+[;:]/.test(line));
  if (!inside.some((line) => /^BEGIN:VEVENT/i.test(line))) return '';
  const properties = inside.filter((line) => !/^(?:BEGIN|END):/i.test(line));
  return ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...properties, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');
}

/** Google Calendar and others write mark-up into the plain description. */
function isHtml(text: string): boolean {
  return /<(?:a\s|br\s*\/?>|p[\s>]|html|div[\s>]|span[\s>]|b>|ul>|table[\s>])/i.test(text);
}

function firstEvent(text: string): ICAL.Component | null {
  try {
    const parsed = ICAL.parse(text);
    // Several calendars in one file come as a list of them.
    const calendars = typeof parsed[0] === 'string' ? [parsed] : parsed;
    for (const one of calendars) {
      const calendar = new ICAL.Component(one);
      const events = calendar.getAllSubcomponents('vevent');
      const event = events.find((each) => !each.hasProperty('recurrence-id')) ?? events[0];
      if (event !== undefined) return event;
    }
    return null;
  } catch {
    return null;
  }
}
