import PostalMime, { type Attachment } from 'postal-mime';
import { readBody } from '../html-text.ts';
import type { Invitation } from '../join-target/invitation.ts';
import { readCalendar } from './calendar-file.ts';

/** A mail with its parts: what its calendar says, its HTML and its plain text. Null for what is no mail. */
export async function readMail(bytes: Uint8Array): Promise<Invitation | null> {
  // Its only refusals are of mails that nest deeper, or have longer heads, than any mail does.
  const mail = await PostalMime.parse(bytes).catch(() => null);
  const empty =
    mail !== null && mail.headers.length === 0 && mail.html === undefined && mail.text === undefined;
  if (mail === null || empty) return null;
  const calendars = mail.attachments.filter(isCalendar).flatMap(({ content }) => {
    const calendar = readCalendar(typeof content === 'string' ? content : new TextDecoder().decode(content));
    return calendar === null ? [] : [calendar];
  });
  return {
    onlineMeeting: calendars.flatMap(({ onlineMeeting }) => onlineMeeting),
    locations: calendars.flatMap(({ locations }) => locations),
    bodies: [
      ...(mail.html === undefined ? [] : [readBody('html', mail.html)]),
      ...(mail.text === undefined ? [] : [readBody('text', mail.text)]),
      ...calendars.flatMap(({ bodies }) => bodies),
    ],
  };
}

function isCalendar({ mimeType, filename }: Attachment): boolean {
  return ['text/calendar', 'application/ics'].includes(mimeType) || /\.ics$/i.test(filename ?? '');
}
