import type { CloudContext } from '../cloud-context.ts';
import { answer } from './answers.ts';
import {
  cancelCopy,
  copiesOf,
  invitedTo,
  movesInTime,
  sharedWith,
  sharesSame,
  visibleAttendees,
} from './copies.ts';
import { saveEvent } from './event-change.ts';
import type { GraphEvent, StoredEvent } from './graph-event.ts';
import { isSeries, NEVER } from './graph-event.ts';
import { newItemId, webLinkOf } from './item-id.ts';
import type { Owner } from './mailbox-owner.ts';
import { carriedSeries, sameSlots } from './series/carried-series.ts';
import { occurrenceUid } from './series/occurrence-id.ts';
import { timestamp } from './time-zone.ts';

/** What is not the organiser's own in a copy that is new or asks anew. */
const WAITING = { response: 'notResponded', time: NEVER } as const;

/**
 * Carries the organiser's copy to the attendees who have a mailbox here: new ones get their own copy, those who stay get what
 * changed (nothing when only the list of attendees did), those who were left out see it cancelled. Rooms accept by themselves.
 * `except` names mailboxes that are served otherwise.
 */
export function invite(
  context: CloudContext,
  organiser: StoredEvent,
  before: StoredEvent | null,
  except: ReadonlySet<string> = new Set(),
): void {
  const copies = copiesOf(context, organiser.event.iCalUId);
  const invited = invitedTo(context, organiser);
  if (before !== null && !keepsKind(before, organiser)) cancelSingles(context, before);
  for (const copy of copies.values()) {
    if (!invited.has(copy.mailbox)) cancelCopy(context, copy);
  }
  for (const owner of invited.values()) {
    if (except.has(owner.guid)) continue;
    const copy = copies.get(owner.guid);
    const delivered =
      copy === undefined
        ? deliver(context, organiser, owner)
        : renew(context, { organiser, before, copy, owner });
    const waits = delivered?.event.responseStatus.response === 'notResponded';
    if (delivered === null || !waits || owner.purpose !== 'room') continue;
    answer(context, delivered, { response: 'accepted', send: true }, owner.address);
  }
}

/** The organiser deleted the meeting: what the attendees hold stays, as cancelled. */
export function cancelCopies(context: CloudContext, organiser: StoredEvent): void {
  for (const copy of copiesOf(context, organiser.event.iCalUId).values()) cancelCopy(context, copy);
  cancelSingles(context, organiser);
}

// Those of people who were invited to one occurrence alone.
function cancelSingles(context: CloudContext, { event, series }: StoredEvent): void {
  for (const slot of Object.keys(series?.exceptions ?? {})) {
    const singles = copiesOf(context, occurrenceUid(event.iCalUId, slot));
    for (const single of singles.values()) cancelCopy(context, single);
  }
}

function deliver(context: CloudContext, organiser: StoredEvent, owner: Owner): StoredEvent {
  const id = newItemId(owner.guid);
  const { originalStart: _slot, ...event } = organiser.event;
  const copy: GraphEvent = {
    ...event,
    ...sharedWith(context, owner, organiser.event),
    ...kindOf(organiser),
    id,
    webLink: webLinkOf(id),
    createdDateTime: timestamp(context.clock.now()),
    transactionId: null,
    categories: [],
    showAs: 'tentative',
    isOrganizer: false,
    attendees: visibleAttendees(organiser.event, owner),
    responseStatus: WAITING,
  };
  const series = isSeries(organiser) ? { series: carriedSeries(context, organiser, owner, null, null) } : {};
  return saveEvent(
    context,
    { mailbox: owner.guid, event: copy, extended: [], fingerprint: '', ...series },
    'created',
  );
}

interface Renewal {
  readonly organiser: StoredEvent;
  readonly before: StoredEvent | null;
  readonly copy: StoredEvent;
  readonly owner: Owner;
}

function renew(context: CloudContext, { organiser, before, copy, owner }: Renewal): StoredEvent | null {
  const old = before?.event ?? copy.event;
  const anew = copy.event.isCancelled || !keepsKind(before, organiser);
  if (!anew && sharesSame(old, organiser.event)) return null;
  const moved = anew || movesInTime(old, organiser.event);
  const event: GraphEvent = {
    ...copy.event,
    ...sharedWith(context, owner, organiser.event),
    ...kindOf(organiser),
    attendees: visibleAttendees(organiser.event, owner),
    isCancelled: false,
    responseStatus: moved ? WAITING : copy.event.responseStatus,
  };
  const { series: _old, ...rest } = copy;
  const series = isSeries(organiser)
    ? { series: carriedSeries(context, organiser, owner, before, copy) }
    : {};
  return saveEvent(context, { ...rest, event, ...series }, 'updated');
}

// Whoever is invited to one occurrence alone sees a single meeting.
function kindOf({ event }: StoredEvent): Pick<GraphEvent, 'type' | 'recurrence' | 'seriesMasterId'> {
  const type = event.type === 'seriesMaster' ? 'seriesMaster' : 'singleInstance';
  return { type, recurrence: event.recurrence, seriesMasterId: null };
}

function keepsKind(before: StoredEvent | null, after: StoredEvent): boolean {
  if (before === null) return true;
  if (isSeries(before) && isSeries(after)) return sameSlots(before, after);
  return isSeries(before) === isSeries(after);
}
