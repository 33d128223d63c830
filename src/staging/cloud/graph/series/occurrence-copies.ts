import type { CloudContext } from '../../cloud-context.ts';
import { answerOccurrence } from '../answers.ts';
import { cancelCopy, copiesOf, invitedTo, movesInTime, sharesSame } from '../copies.ts';
import { saveEvent } from '../event-change.ts';
import type { GraphEvent, StoredEvent, StoredSeries } from '../graph-event.ts';
import { isSeries } from '../graph-event.ts';
import { invite } from '../invitations.ts';
import type { Owner } from '../mailbox-owner.ts';
import { carriedException } from './carried-series.ts';
import { changedException, withException } from './exception.ts';
import { occurrenceOf } from './occurrence.ts';

/** One occurrence of the organiser's series: how it was and how it is now. */
export interface OccurrenceChange {
  readonly organiser: StoredSeries;
  readonly slot: string;
  readonly before: StoredEvent;
  readonly now: StoredEvent;
}

/** Carries a changed occurrence to the attendees: in their series as an exception, to others as a single meeting. */
export function carryOccurrence(context: CloudContext, change: OccurrenceChange): void {
  const invited = invitedTo(context, change.now);
  const copies = seriesCopies(context, change.organiser);
  for (const copy of copies) {
    const owner = invited.get(copy.mailbox);
    if (owner === undefined) cancelOccurrence(context, copy, change.slot);
    else renewOccurrence(context, copy, owner, change);
  }
  invite(context, change.now, change.before, new Set(copies.map(({ mailbox }) => mailbox)));
}

/** The organiser deleted an occurrence: the attendees see it cancelled. */
export function withdrawOccurrence(
  context: CloudContext,
  organiser: StoredSeries,
  slot: string,
  before: GraphEvent,
): void {
  for (const copy of seriesCopies(context, organiser)) cancelOccurrence(context, copy, slot);
  for (const single of copiesOf(context, before.iCalUId).values()) cancelCopy(context, single);
}

function renewOccurrence(
  context: CloudContext,
  copy: StoredSeries,
  owner: Owner,
  { slot, before, now }: OccurrenceChange,
): void {
  const held = occurrenceOf(copy, slot)?.event;
  const shown = held !== undefined && !held.isCancelled;
  if (shown && sharesSame(before.event, now.event)) return;
  const event = { before: before.event, now: now.event };
  const exception = carriedException(context, owner, copy.series.exceptions[slot], event);
  const renewed = withException(copy, slot, exception);
  saveEvent(context, renewed, 'updated');
  if (owner.purpose !== 'room' || !movesInTime(before.event, now.event)) return;
  answerOccurrence(context, renewed, slot, { response: 'accepted', send: true }, owner.address);
}

function cancelOccurrence(context: CloudContext, copy: StoredSeries, slot: string): void {
  const held = occurrenceOf(copy, slot)?.event;
  if (held === undefined || held.isCancelled) return;
  const after = { ...held, isCancelled: true, showAs: 'free' };
  const exception = changedException(context, copy.series.exceptions[slot], { before: held, after });
  saveEvent(context, withException(copy, slot, exception), 'updated');
}

function seriesCopies(context: CloudContext, { event }: StoredSeries): StoredSeries[] {
  return [...copiesOf(context, event.iCalUId).values()].filter(isSeries);
}
