import { readBody } from '../html-text.ts';
import type { Invitation } from '../join-target/invitation.ts';
import { readCalendar } from './calendar-file.ts';
import type { FileType } from './file-type.ts';
import { readGraphJson } from './graph-json.ts';
import { readMail } from './mail-file.ts';

/** An invitation as it came in a file; null when the bytes are nothing of that kind. */
export async function readInvitation(type: FileType, bytes: Uint8Array): Promise<Invitation | null> {
  if (type === 'eml') return await readMail(bytes);
  const text = decoded(bytes);
  if (type === 'ics') return readCalendar(text);
  if (type === 'json') return readGraphJson(text);
  const body = readBody(type === 'html' ? 'html' : 'text', text);
  return { onlineMeeting: [], locations: [], bodies: [body] };
}

/** UTF-8, or UTF-16 where a byte order mark says so: Outlook saves both. */
function decoded(bytes: Uint8Array): string {
  const mark = `${bytes[0]},${bytes[1]}`;
  const label = mark === '255,254' ? 'utf-16le' : mark === '254,255' ? 'utf-16be' : 'utf-8';
  return new TextDecoder(label).decode(bytes);
}
