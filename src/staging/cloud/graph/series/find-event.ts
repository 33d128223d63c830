import type { CloudContext } from '../../cloud-context.ts';
import type { StoredEvent, StoredSeries } from '../graph-event.ts';
import { isSeries } from '../graph-event.ts';
import { notFoundItem } from '../graph-refusal.ts';
import { graphState } from '../graph-state.ts';
import { occurrenceOf } from './occurrence.ts';
import { readOccurrenceId } from './occurrence-id.ts';

/** One occurrence or exception by its place in the series. */
export interface Instance {
  readonly master: StoredSeries;
  readonly slot: string;
}

/** The event of that id in the mailbox: single, master, exception or occurrence. */
export function findEvent(context: CloudContext, mailbox: string, id: string): StoredEvent | undefined {
  const stored = graphState(context).events.get(mailbox, id);
  if (stored !== undefined) return stored;
  const instance = findInstance(context, mailbox, id);
  return instance === null ? undefined : (occurrenceOf(instance.master, instance.slot) ?? undefined);
}

/** The event that has to be there. Refuses with 404. */
export function requireEvent(context: CloudContext, mailbox: string, id: string): StoredEvent {
  const stored = findEvent(context, mailbox, id);
  if (stored === undefined) throw notFoundItem();
  return stored;
}

/** The series and the slot behind the id of an occurrence or exception; null for every other id. */
export function findInstance(context: CloudContext, mailbox: string, id: string): Instance | null {
  const read = readOccurrenceId(id);
  if (read === null) return null;
  const master = graphState(context).events.get(mailbox, read.masterId);
  return master !== undefined && isSeries(master) ? { master, slot: read.slot } : null;
}
