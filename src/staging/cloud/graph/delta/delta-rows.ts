import type { CloudContext } from '../../cloud-context.ts';
import { notificationEtag } from '../change-key.ts';
import { eventAnswer, WHOLE } from '../event-answer.ts';
import { dressed, type Reader } from '../faults/reading.ts';
import type { StoredEvent, StoredSeries } from '../graph-event.ts';
import { isSeries } from '../graph-event.ts';
import { graphState } from '../graph-state.ts';
import type { Preferences } from '../preferences.ts';
import { exceptionsOf, hasInstanceIn, instancesIn, regularTimes, slotsNear } from '../series/occurrence.ts';
import { occurrenceId, readOccurrenceId } from '../series/occurrence-id.ts';
import { overlaps, type TimeWindow, timesOf } from '../time-window.ts';
import type { Change } from './change-log.ts';

const TYPE = '#microsoft.graph.event';

/** Who reads which window of a calendar, and in which form. */
export interface DeltaView {
  readonly reader: Reader;
  readonly window: TimeWindow;
  readonly preferences: Preferences;
}

/** The rows that one changed event or series adds to a round (reference: graph.md 3.2 and 3.3). */
export function rowsOf(context: CloudContext, view: DeltaView, { id, was }: Change): object[] {
  const stored = graphState(context).events.get(view.reader.mailbox, id);
  const rows = stored === undefined ? [] : present(context, view, stored);
  return rows.length === 0 && was ? [removed(id)] : rows;
}

/** Whether the item has rows in a first round. */
export function isInWindow(stored: StoredEvent, window: TimeWindow): boolean {
  return isSeries(stored) ? hasInstanceIn(stored, window) : overlaps(timesOf(stored.event), window);
}

function present(context: CloudContext, view: DeltaView, stored: StoredEvent): object[] {
  if (!isSeries(stored)) return isInWindow(stored, view.window) ? [full(context, view, stored)] : [];
  const instances = instancesIn(stored, view.window);
  if (instances.length === 0) return [];
  const { misbehaviours } = graphState(context);
  const key = `${stored.event.id} ${stored.event.changeKey}`;
  const alone = misbehaviours.strikeAlways('master-missing', view.reader, key) !== null;
  const master = alone ? [] : [full(context, view, stored)];
  const rows = instances.map((one) =>
    one.event.type === 'exception' ? full(context, view, one) : thin(view, one),
  );
  return [...master, ...rows, ...leftBehind(stored, view), ...cancelled(context, view, stored)];
}

function full(context: CloudContext, { reader, preferences }: DeltaView, stored: StoredEvent): object {
  const shown = eventAnswer(dressed(context, reader, stored), WHOLE, preferences);
  return { '@odata.type': TYPE, ...shown, '@odata.etag': notificationEtag(stored.event.changeKey) };
}

function thin({ preferences }: DeltaView, stored: StoredEvent): object {
  const select = ['seriesMasterId', 'type', 'start', 'end'];
  const members = eventAnswer(stored, { ...WHOLE, select }, preferences);
  return { '@odata.type': TYPE, ...members, '@odata.etag': notificationEtag(stored.event.changeKey) };
}

// Exceptions that were moved out of the window.
function leftBehind(master: StoredSeries, { window }: DeltaView): object[] {
  const moved = exceptionsOf(master).filter(({ event }) => {
    const slot = readOccurrenceId(event.id)?.slot ?? '';
    return !overlaps(timesOf(event), window) && overlaps(timesOf(regularTimes(master, slot)), window);
  });
  return moved.map(({ event }) => removed(event.id));
}

// The real service gives no indication of deleted occurrences, or seldom.
function cancelled(context: CloudContext, { reader, window }: DeltaView, master: StoredSeries): object[] {
  const gone = new Set(master.series.cancelled);
  const { misbehaviours } = graphState(context);
  return slotsNear(master, window)
    .filter((slot) => gone.has(slot) && overlaps(timesOf(regularTimes(master, slot)), window))
    .map((slot) => occurrenceId(master.event.id, slot))
    .filter((id) => misbehaviours.strikeAlways('report-removed', reader, id) !== null)
    .map(removed);
}

function removed(id: string): object {
  return { '@odata.type': TYPE, id, '@removed': { reason: 'deleted' } };
}
