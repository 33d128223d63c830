import type { GraphEvent, StoredEvent } from './graph-event.ts';
import { invalid, notSimulated } from './graph-refusal.ts';
import { textOfHtml } from './html-body.ts';
import type { Preferences } from './preferences.ts';
import { instantOfStored } from './time-window.ts';
import { type DateTimeTimeZone, wallClock } from './time-zone.ts';

/** Which members of an event an answer holds. */
export interface Shape {
  /** Null: all. `id` and the etag are always there. */
  readonly select: readonly string[] | null;
  /** Ids of extended properties to show, in lower case. */
  readonly expand: readonly string[];
  /** Whether the exceptions of a series are shown with its master. */
  readonly exceptions: boolean;
}

const WHOLE_NAMES = ['start', 'end', 'body'];

export const WHOLE: Shape = { select: null, expand: [], exceptions: false };

/** Reads `$select` and `$expand`. Only extended properties by id and the exceptions of a series can be expanded. */
export function readShape(query: URLSearchParams): Shape {
  const select = query.get('$select');
  const names = select === null ? null : select.split(',').map((name) => name.trim());
  const parts = (query.get('$expand') ?? '').split(/,(?![^(]*\))/).map((part) => part.trim());
  const properties = parts.filter((part) => part !== '' && part !== 'exceptionOccurrences');
  const exceptions =
    parts.includes('exceptionOccurrences') || names?.includes('exceptionOccurrences') === true;
  return { select: names, expand: properties.flatMap(readExpand), exceptions };
}

/** The copy as an answer shows it. */
export function eventAnswer(stored: StoredEvent, shape: Shape, preferences: Preferences): object {
  const { event } = stored;
  const expanded = stored.extended.filter(({ id }) => shape.expand.includes(id.toLowerCase()));
  const more = expanded.length === 0 ? {} : { singleValueExtendedProperties: expanded };
  if (shape.select === null) return { ...event, ...converted(event, WHOLE_NAMES, preferences), ...more };
  const names = [...new Set(['@odata.etag', 'id', ...shape.select])].filter((name) =>
    Object.hasOwn(event, name),
  );
  const members = Object.fromEntries(names.map((name) => [name, event[name as keyof GraphEvent]]));
  return { ...members, ...converted(event, names, preferences), ...more };
}

// Members that depend on the preferences.
function converted(
  event: GraphEvent,
  names: readonly string[],
  preferences: Preferences,
): Partial<GraphEvent> {
  const { body } = event;
  return {
    ...(names.includes('start') ? { start: inZone(event, event.start, preferences) } : {}),
    ...(names.includes('end') ? { end: inZone(event, event.end, preferences) } : {}),
    ...(names.includes('body') && preferences.bodyType === 'text'
      ? { body: { contentType: 'text', content: textOfHtml(body.content) } }
      : {}),
  };
}

// All-day events float: they say midnight of their own dates in every zone.
function inZone(event: GraphEvent, time: DateTimeTimeZone, { timeZone }: Preferences): DateTimeTimeZone {
  if (event.isAllDay || timeZone === time.timeZone) return { ...time, timeZone };
  return wallClock(instantOfStored(time), timeZone);
}

function readExpand(expand: string): readonly string[] {
  const filter = /^\s*singleValueExtendedProperties\s*\(\s*\$filter\s*=\s*(.+)\)\s*$/is.exec(expand)?.[1];
  if (filter === undefined) throw notSimulated('this $expand');
  return filter.split(/\s+or\s+(?=id\s+eq)/i).map((clause) => {
    const id = /^\s*id\s+eq\s+'((?:[^']|'')+)'\s*$/i.exec(clause)?.[1];
    if (id === undefined)
      throw invalid('ErrorInvalidUrlQueryFilter', 'The filter of $expand cannot be read.');
    return id.replaceAll("''", "'").toLowerCase();
  });
}
