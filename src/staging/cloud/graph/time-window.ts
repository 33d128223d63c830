import type { GraphEvent } from './graph-event.ts';
import { invalid } from './graph-refusal.ts';
import type { DateTimeTimeZone } from './time-zone.ts';
import { instantOf } from './time-zone.ts';

/** From `from` up to, but without, `to`; epoch milliseconds. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

const LONGEST_MS = 1825 * 86_400_000;

/** When an event takes place. All-day events count as UTC days, as they do in windows (reference: graph.md 1.4). */
export function timesOf({ start, end }: Pick<GraphEvent, 'start' | 'end'>): TimeWindow {
  return { from: instantOfStored(start), to: instantOfStored(end) };
}

/** Whether the two have an instant in common; an event without length has that of its start. */
export function overlaps(event: TimeWindow, window: TimeWindow): boolean {
  if (event.from >= window.to) return false;
  return event.to > window.from || (event.from === event.to && event.from >= window.from);
}

/** Reads `startDateTime` and `endDateTime`; without an offset they are UTC. Refuses their absence and windows over 1825 days. */
export function readWindow(query: URLSearchParams): TimeWindow {
  const names = new Map([...query.keys()].map((name) => [name.toLowerCase(), name]));
  const read = (name: string): number => {
    const text = query.get(names.get(name.toLowerCase()) ?? '');
    if (text !== null && text !== '') return readInstant(name, text);
    const message = `This request requires a time window specified by the query string parameters StartDateTime and EndDateTime. '${name}' is missing.`;
    throw invalid('ErrorInvalidParameter', message);
  };
  const [from, to] = [read('startDateTime'), read('endDateTime')];
  if (to <= from) throw invalid('ErrorInvalidParameter', 'endDateTime must be later than startDateTime.');
  if (to - from > LONGEST_MS)
    throw invalid('ErrorInvalidRequest', 'The requested time window is longer than 1825 days.');
  return { from, to };
}

function readInstant(name: string, text: string): number {
  try {
    return instantOf({ dateTime: /T/i.test(text) ? text : `${text}T00:00:00`, timeZone: 'UTC' });
  } catch {
    throw invalid('ErrorInvalidParameter', `The value of the parameter '${name}' is not valid.`);
  }
}

/** Epoch milliseconds of a time as events hold it: UTC and well written. The general reader is far slower. */
export function instantOfStored({ dateTime }: DateTimeTimeZone): number {
  return Date.parse(`${dateTime.slice(0, 19)}Z`);
}
