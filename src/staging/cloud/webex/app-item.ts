import type { CloudContext } from '../cloud-context.ts';
import type { MeetingItem } from './meeting-item.ts';

/** What every answer about a meeting repeats. */
interface Reference {
  readonly id: string;
  readonly seriesId: string;
  readonly links: readonly { readonly href: string; readonly rel: string }[];
  readonly encryptionKeyUrl: string;
}

/** A meeting item as apps read it: with the addresses of itself, its notes and its participants (reference: webex.md 1.3). */
export function appItem(context: CloudContext, item: MeetingItem): object {
  const self = itemUrl(context, item);
  const { links } = reference(context, item);
  return { ...item, participantsUrl: `${self}/participants`, notesUrl: `${self}/notes`, links };
}

/** The answer at an item's `notesUrl`; without notes the member is left out, as empty fields are everywhere. */
export function itemNotes(context: CloudContext, item: MeetingItem): object {
  const { encryptedNotes } = item;
  return { ...reference(context, item), ...(encryptedNotes !== undefined && { encryptedNotes }) };
}

/** The answer at an item's `participantsUrl`. */
export function itemParticipants(context: CloudContext, item: MeetingItem): object {
  return { ...reference(context, item), encryptedParticipants: item.encryptedParticipants ?? [] };
}

function reference(context: CloudContext, item: MeetingItem): Reference {
  const { id, seriesId, encryptionKeyUrl } = item;
  return { id, seriesId, links: [{ href: itemUrl(context, item), rel: 'self' }], encryptionKeyUrl };
}

// Ids inside paths are base64url (reference: webex.md 1.1).
function itemUrl(context: CloudContext, { id }: MeetingItem): string {
  return `${context.baseUrl}/calendar/api/v1/calendarEvents/${Buffer.from(id, 'utf8').toString('base64url')}`;
}
