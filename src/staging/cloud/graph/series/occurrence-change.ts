import type { CloudContext } from '../../cloud-context.ts';
import { movesInTime } from '../copies.ts';
import { saveEvent } from '../event-change.ts';
import { withExtended, withInput } from '../event-fields.ts';
import type { EventInput } from '../event-input.ts';
import type { Exception, GraphEvent, StoredEvent, StoredSeries } from '../graph-event.ts';
import { NO_RESPONSE } from '../graph-event.ts';
import { invalid, notFoundItem } from '../graph-refusal.ts';
import { changedException, withException, withoutOccurrence } from './exception.ts';
import type { Instance } from './find-event.ts';
import { refuseCrossing } from './neighbours.ts';
import { occurrenceOf } from './occurrence.ts';
import { carryOccurrence, withdrawOccurrence } from './occurrence-copies.ts';

/**
 * Judges a change of one occurrence, which makes it an exception. What comes back makes the change: call it inside a
 * transaction. Refuses the move past a neighbour.
 */
export function occurrenceChange(
  context: CloudContext,
  { master, slot }: Instance,
  input: EventInput,
): () => StoredEvent {
  const before = requireOccurrence(master, slot);
  if (input.recurrence) throw invalid('ErrorInvalidRequest', 'Only a series can have a recurrence.');
  const after = withInput(context, before.event, input);
  const moves = movesInTime(before.event, after);
  if (moves) refuseCrossing(master, slot, after);
  const changed = changedException(context, master.series.exceptions[slot], { before: before.event, after });
  const answered = moves && after.isOrganizer ? { ...changed, answers: unanswered(after) } : changed;
  const extended = withExtended(answered.extended, input.singleValueExtendedProperties);
  return () => {
    const organiser = saveEvent(context, withException(master, slot, { ...answered, extended }), 'updated');
    const now = requireOccurrence(organiser, slot);
    if (after.isOrganizer) carryOccurrence(context, { organiser, slot, before, now });
    return now;
  };
}

/**
 * Deletes one occurrence. Only the series is told of: the occurrence is simply missing from now on (reference: graph.md 2.8).
 * Call it inside a transaction.
 */
export function deleteOccurrence(context: CloudContext, { master, slot }: Instance): void {
  const before = requireOccurrence(master, slot);
  const without = withoutOccurrence(master, slot);
  saveEvent(context, without, 'updated');
  if (before.event.isOrganizer) withdrawOccurrence(context, without, slot, before.event);
}

function requireOccurrence(master: StoredSeries, slot: string): StoredEvent {
  const found = occurrenceOf(master, slot);
  if (found === null) throw notFoundItem();
  return found;
}

function unanswered({ attendees }: GraphEvent): Exception['answers'] {
  const none = { status: NO_RESPONSE };
  return Object.fromEntries(attendees.map(({ emailAddress }) => [emailAddress.address.toLowerCase(), none]));
}
