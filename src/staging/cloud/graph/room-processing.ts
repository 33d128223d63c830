import type { CloudContext } from '../cloud-context.ts';
import type { GraphEvent } from './graph-event.ts';
import { storedHtml } from './html-body.ts';
import type { Owner } from './mailbox-owner.ts';

/** What a room does to the meetings it accepts, in the words of Set-CalendarProcessing (reference: graph.md 5.8). */
export interface RoomProcessing {
  readonly deleteComments: boolean;
  readonly deleteSubject: boolean;
  readonly addOrganizerToSubject: boolean;
  readonly removePrivateProperty: boolean;
}

/** Rooms here keep everything until somebody orders what real ones do by default. */
export const KEEPS_ALL: RoomProcessing = {
  deleteComments: false,
  deleteSubject: false,
  addOrganizerToSubject: false,
  removePrivateProperty: false,
};

/** How a room is set; people's mailboxes keep everything. */
export function processingOf(context: CloudContext, owner: Owner): RoomProcessing {
  return owner.purpose === 'room' ? (roomTable(context).get(owner.guid) ?? KEEPS_ALL) : KEEPS_ALL;
}

export function setProcessing(context: CloudContext, owner: Owner, processing: RoomProcessing): void {
  roomTable(context).put(owner.guid, processing);
}

/** What is left of a meeting in the owner's calendar. */
export function processed<T extends Pick<GraphEvent, 'subject' | 'body' | 'bodyPreview' | 'sensitivity'>>(
  context: CloudContext,
  owner: Owner,
  event: T,
  organizer: GraphEvent['organizer'],
): T {
  const { deleteComments, deleteSubject, addOrganizerToSubject, removePrivateProperty } = processingOf(
    context,
    owner,
  );
  const kept = deleteSubject ? '' : event.subject;
  const { name } = organizer.emailAddress;
  return {
    ...event,
    subject: addOrganizerToSubject ? `${name} ${kept}`.trim() : kept,
    ...(deleteComments ? { body: { contentType: 'html', content: storedHtml('') }, bodyPreview: '' } : {}),
    ...(removePrivateProperty && event.sensitivity === 'private' ? { sensitivity: 'normal' } : {}),
  };
}

function roomTable(context: CloudContext) {
  return context.disk.table<RoomProcessing>('graph-rooms');
}
