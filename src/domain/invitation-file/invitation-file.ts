import { readBody } from '../html-text.ts';
import type { Invitation } from '../join-target/invitation.ts';
import { readCalendar } from './calendar-file.ts';
import type { FileType } from './file-type.ts';
import { readGraphJson } from './graph-json.ts';
import { readMail } from './mail-file.ts';

/** An invitation as it came in a file; null when the bytes are nothing of that kind. */
export async function readInvitation(type: FileType, bytes: Uint8Array): Promise<Invitation | null> {
  if (type === 'eml') return await readMail(bytes);
  const text = new TextDecoder().decode(bytes);
  if (type === 'ics') return readCalendar(text);
  if (type === 'json') return readGraphJson(text);
  const body = readBody(type === 'html' ? 'html' : 'text', text);
  return { onlineMeeting: [], locations: [], bodies: [body] };
}
