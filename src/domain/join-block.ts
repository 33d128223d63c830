import { bodyStart, readBody } from './html-text.ts';
import type { PersonalRoom } from './ports.ts';

// Visible delimiter lines are what survives every client and server (reference: graph.md 5.3); the class only helps styling.
const LINE = '─'.repeat(24);

interface Body {
  readonly contentType: 'html' | 'text';
  readonly content: string;
}

/**
 * The body with the join block above what the user wrote; every character of the user's text stays as it is. Null when the
 * block for this room is in the body already.
 */
export function withJoinBlock(body: Body, room: PersonalRoom): Body | null {
  if (hasJoinBlock(body, room)) return null;
  if (body.contentType === 'text')
    return { contentType: 'text', content: `${textBlock(room)}\n\n${body.content}` };
  const at = bodyStart(body.content);
  return {
    contentType: 'html',
    content: body.content.slice(0, at) + htmlBlock(room) + body.content.slice(at),
  };
}

/** Whether the body shows a join block between its delimiter lines for this room. */
export function hasJoinBlock(body: Body, room: PersonalRoom): boolean {
  const { text } = readBody(body.contentType, body.content);
  return text.split(LINE).some((part, index) => index % 2 === 1 && part.includes(room.url));
}

function lines(room: PersonalRoom): [string, string][] {
  const rows: [string, string][] = [['Join the Webex meeting', room.url]];
  rows.push(['Join from a video system', room.sip]);
  if (room.meetingNumber !== null) rows.push(['Meeting number', room.meetingNumber]);
  return rows;
}

function textBlock(room: PersonalRoom): string {
  return [LINE, ...lines(room).map(([label, value]) => `${label}: ${value}`), LINE].join('\n');
}

function htmlBlock(room: PersonalRoom): string {
  const rows = lines(room).map(([label, value]) => `<p>${escaped(label)}: ${linked(value)}</p>`);
  return `<div class="hybrid-calendar-join"><p>${LINE}</p>${rows.join('')}<p>${LINE}</p></div>`;
}

function linked(value: string): string {
  const text = escaped(value);
  return value.startsWith('https://') ? `<a href="${text}">${text}</a>` : text;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
