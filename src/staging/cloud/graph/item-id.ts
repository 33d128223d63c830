import { randomBytes } from 'node:crypto';
import { base64OfId, idOfBytes } from './series/occurrence-id.ts';

/** 152 characters with `=` at the end, as ordinary ids have them; case-sensitive. The mailbox's GUID stands in the head. */
export function newItemId(mailbox: string): string {
  const head = Buffer.concat([Buffer.from([0, 3, 36, 0]), Buffer.from(mailbox.padEnd(36).slice(0, 36))]);
  const key = Buffer.concat([Buffer.alloc(4), randomBytes(66)]);
  return idOfBytes(Buffer.concat([head, Buffer.from([0, key.length, 0]), key]));
}

/** Where Outlook on the web shows the item. */
export function webLinkOf(id: string): string {
  return `https://outlook.office365.com/owa/?itemid=${encodeURIComponent(base64OfId(id))}&exvsurl=1&path=/calendar/item`;
}

/** The same in all calendars; the four bytes of the date are empty, occurrences fill them. */
export function newUid(): string {
  const [made, own] = [randomBytes(8), randomBytes(16)].map((bytes) => bytes.toString('hex').toUpperCase());
  return `040000008200E00074C5B7101A82E00800000000${made}000000000000000010000000${own}`;
}
