import { eventAnswer, type Shape } from '../event-answer.ts';
import type { StoredEvent } from '../graph-event.ts';
import { isSeries } from '../graph-event.ts';
import type { Preferences } from '../preferences.ts';
import { exceptionsOf } from './occurrence.ts';
import { cancelledOccurrence } from './occurrence-id.ts';

/** What a master shows only when it is asked for by its id and the members by their names (reference: graph.md 3.3 and 5.1). */
export function seriesMembers(stored: StoredEvent, shape: Shape, preferences: Preferences): object {
  if (!isSeries(stored)) return {};
  const { cancelled } = stored.series;
  const { id } = stored.event;
  const lists = shape.select?.includes('cancelledOccurrences') === true;
  return {
    ...(lists ? { cancelledOccurrences: cancelled.map((slot) => cancelledOccurrence(id, slot)) } : {}),
    ...(shape.exceptions
      ? {
          exceptionOccurrences: exceptionsOf(stored).map((one) =>
            eventAnswer(one, { ...shape, exceptions: false }, preferences),
          ),
        }
      : {}),
  };
}
