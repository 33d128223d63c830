import type { CloudContext } from '../../cloud-context.ts';
import { movesInTime, sharedWith, sharesSame, visibleAttendees } from '../copies.ts';
import type { Exception, GraphEvent, Series, StoredEvent, StoredSeries } from '../graph-event.ts';
import { isSeries, NEVER } from '../graph-event.ts';
import type { Owner } from '../mailbox-owner.ts';
import { occurrenceOf } from './occurrence.ts';

/** What the organiser's series makes of an attendee's copy: `before` as the organiser had it, `copy` as the attendee has it. */
export function carriedSeries(
  context: CloudContext,
  organiser: StoredSeries,
  owner: Owner,
  before: StoredEvent | null,
  copy: StoredEvent | null,
): Series {
  const kept = copy !== null && before !== null && isSeries(before) && keepsSlots(before, organiser, copy);
  const old = kept ? before : null;
  const base = kept && isSeries(copy) ? copy.series : { ...organiser.series, exceptions: {} };
  return Object.keys(organiser.series.exceptions).reduce(
    (series, slot) => withCarried(context, series, { organiser, before: old, owner, slot }),
    base,
  );
}

/** Whether the slots stay what they were, so that an attendee's own exceptions and deletions do too. */
export function sameSlots(before: StoredSeries, after: StoredSeries): boolean {
  const slots = ({ event, series: { zone, start, end } }: StoredSeries): string =>
    JSON.stringify([event.recurrence, zone, start, end]);
  return slots(before) === slots(after);
}

/** An attendee's exception after the organiser's occurrence went from `before` (null: unknown) to `now`. */
export function carriedException(
  context: CloudContext,
  owner: Owner,
  previous: Exception | undefined,
  event: { readonly before: GraphEvent | null; readonly now: GraphEvent },
): Exception {
  const { before, now } = event;
  const moved = before !== null && movesInTime(before, now);
  const answers = now.attendees.map(({ emailAddress, status }) => [
    emailAddress.address.toLowerCase(),
    { status },
  ]);
  const own: Partial<GraphEvent> = {
    ...previous?.own,
    ...sharedWith(context, owner, now),
    attendees: visibleAttendees(now, owner),
    isCancelled: false,
    ...(moved ? { responseStatus: { response: 'notResponded', time: NEVER } } : {}),
  };
  const { lastModifiedDateTime } = now;
  return {
    own,
    answers: Object.fromEntries(answers),
    extended: previous?.extended ?? [],
    lastModifiedDateTime,
  };
}

interface Carrying {
  readonly organiser: StoredSeries;
  readonly before: StoredSeries | null;
  readonly owner: Owner;
  readonly slot: string;
}

function withCarried(
  context: CloudContext,
  series: Series,
  { organiser, before, owner, slot }: Carrying,
): Series {
  const now = occurrenceOf(organiser, slot)?.event;
  const was = before === null ? null : (occurrenceOf(before, slot)?.event ?? null);
  if (now === undefined || (was !== null && sharesSame(was, now))) return series;
  const address = owner.address.toLowerCase();
  if (!now.attendees.some(({ emailAddress }) => emailAddress.address.toLowerCase() === address)) {
    return { ...series, cancelled: [...new Set([...series.cancelled, slot])].toSorted() };
  }
  const exception = carriedException(context, owner, series.exceptions[slot], { before: was, now });
  return { ...series, exceptions: { ...series.exceptions, [slot]: exception } };
}

function keepsSlots(before: StoredSeries, organiser: StoredSeries, copy: StoredEvent): boolean {
  return isSeries(copy) && !copy.event.isCancelled && sameSlots(before, organiser);
}
