import type { StoredEvent } from './graph-event.ts';
import { invalid, notSimulated } from './graph-refusal.ts';
import { timesOf } from './time-window.ts';
import { instantOf } from './time-zone.ts';

type Field = (stored: StoredEvent) => number;
type Test = (stored: StoredEvent) => boolean;

const FIELDS: Readonly<Record<string, Field>> = {
  'start/datetime': ({ event }) => timesOf(event).from,
  'end/datetime': ({ event }) => timesOf(event).to,
  lastmodifieddatetime: ({ event }) => Date.parse(event.lastModifiedDateTime),
  createddatetime: ({ event }) => Date.parse(event.createdDateTime),
};

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  eq: (a, b) => a === b,
};

const CLAUSE = /^\s*([\w/]+)\s+(lt|le|gt|ge|eq)\s+'?([\dT:.Z+-]+)'?\s*$/i;
const PROPERTY =
  /^\s*singleValueExtendedProperties\/any\(\s*(\w+)\s*:\s*\1\/id\s+eq\s+'((?:[^']|'')+)'\s+and\s+\1\/value\s+eq\s+'((?:[^']|'')*)'\s*\)\s*$/i;

/** Reads `$filter`: times, the last change, and one extended property by its value; joined by `and`. */
export function readFilter(filter: string | null): Test {
  if (filter === null) return () => true;
  const tests = clausesOf(filter).map(readClause);
  return (stored) => tests.every((test) => test(stored));
}

/** Reads `$orderby`. */
export function ordered(events: readonly StoredEvent[], order: string | null): readonly StoredEvent[] {
  if (order === null) return events;
  const [, name = '', direction = 'asc'] = /^\s*([\w/]+)(?:\s+(asc|desc))?\s*$/i.exec(order) ?? [];
  const field = FIELDS[name.toLowerCase()];
  if (field === undefined) throw notSimulated('this $orderby');
  const sign = direction.toLowerCase() === 'desc' ? -1 : 1;
  return events.toSorted((a, b) => sign * (field(a) - field(b)));
}

// The `and` inside of quoted values and of any(…) joins nothing: they are masked where it is looked for.
function clausesOf(filter: string): string[] {
  const mask = (text: string): string => '_'.repeat(text.length);
  const masked = filter.replaceAll(/'(?:[^']|'')*'/g, mask).replaceAll(/\([^()]*\)/g, mask);
  const joints = [...masked.matchAll(/\s+and\s+/gi)];
  const starts = [0, ...joints.map(({ index, 0: text }) => index + text.length)];
  return starts.map((start, n) => filter.slice(start, joints[n]?.index));
}

function readClause(text: string): Test {
  const property = PROPERTY.exec(text);
  if (property !== null) return propertyTest(unquoted(property[2]), unquoted(property[3]));
  const [, name = '', operator = '', value = ''] = CLAUSE.exec(text) ?? [];
  const field = FIELDS[name.toLowerCase()];
  const compare = COMPARE[operator.toLowerCase()];
  if (field === undefined || compare === undefined) throw notSimulated('this $filter');
  const limit = readInstant(value);
  return (stored) => compare(field(stored), limit);
}

// Names and values compare without case (reference: graph.md 5.4).
function propertyTest(id: string, value: string): Test {
  const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
  return ({ extended }) => extended.some((one) => same(one.id, id) && same(one.value, value));
}

function unquoted(text = ''): string {
  return text.replaceAll("''", "'");
}

function readInstant(value: string): number {
  try {
    return instantOf({ dateTime: /T/.test(value) ? value : `${value}T00:00:00`, timeZone: 'UTC' });
  } catch {
    throw invalid('ErrorInvalidUrlQueryFilter', 'The filter holds a date that cannot be read.');
  }
}
