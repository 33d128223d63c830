import { readBody } from '../html-text.ts';
import type { Invitation } from '../join-target/invitation.ts';
import { readCalendar } from './calendar-file.ts';
import { readGraphJson } from './graph-json.ts';
import { readMail } from './mail-file.ts';

/** What a file with an invitation is, by the end of its name. */
export const FILE_TYPES = ['html', 'txt', 'eml', 'ics', 'json'] as const;
export type FileType = (typeof FILE_TYPES)[number];

/** Null for a name with another end. */
export function fileTypeOf(name: string): FileType | null {
  const end = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (end === 'htm') return 'html';
  return FILE_TYPES.find((type) => type === end) ?? null;
}

/** An invitation as it came in a file; null when the bytes are nothing of that kind. */
export async function readInvitation(type: FileType, bytes: Uint8Array): Promise<Invitation | null> {
  if (type === 'eml') return await readMail(bytes);
  const text = new TextDecoder().decode(bytes);
  if (type === 'ics') return readCalendar(text);
  if (type === 'json') return readGraphJson(text);
  const body = readBody(type === 'html' ? 'html' : 'text', text);
  return { onlineMeeting: [], locations: [], bodies: [body] };
}
