import type { StoredEvent } from './graph-event.ts';
import { invalid, notSimulated } from './graph-refusal.ts';
import { instantOf } from './time-zone.ts';

type Field = (stored: StoredEvent) => number;

const FIELDS: Readonly<Record<string, Field>> = {
  'start/datetime': ({ event }) => instantOf(event.start),
  'end/datetime': ({ event }) => instantOf(event.end),
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
const KNOWN_OPTIONS = new Set(['$select', '$expand', '$filter', '$orderby', '$top', '$skip', '$count']);
const DEFAULT_PAGE = 10;
const LARGEST_PAGE = 1000;

export interface Page {
  readonly events: readonly StoredEvent[];
  readonly count: number;
  /** How many to skip for the next page; null on the last one. */
  readonly nextSkip: number | null;
}

/** One page of a listing by `$filter`, `$orderby`, `$top` (10) and `$skip`. */
export function pageOf(all: readonly StoredEvent[], query: URLSearchParams): Page {
  for (const name of query.keys()) {
    if (name.startsWith('$') && !KNOWN_OPTIONS.has(name)) throw notSimulated(`the query option ${name}`);
  }
  const [top, skip] = [readCount(query, '$top', DEFAULT_PAGE), readCount(query, '$skip', 0)];
  if (top < 1 || top > LARGEST_PAGE)
    throw invalid('ErrorInvalidUrlQuery', '$top must be between 1 and 1000.');
  const matching = ordered(all.filter(readFilter(query.get('$filter'))), query.get('$orderby'));
  const more = skip + top < matching.length;
  return {
    events: matching.slice(skip, skip + top),
    count: matching.length,
    nextSkip: more ? skip + top : null,
  };
}

function readFilter(filter: string | null): (stored: StoredEvent) => boolean {
  if (filter === null) return () => true;
  const clauses = filter.split(/\s+and\s+/i).map(readClause);
  return (stored) => clauses.every((clause) => clause(stored));
}

function readClause(text: string): (stored: StoredEvent) => boolean {
  const [, name = '', operator = '', value = ''] = CLAUSE.exec(text) ?? [];
  const field = FIELDS[name.toLowerCase()];
  const compare = COMPARE[operator.toLowerCase()];
  if (field === undefined || compare === undefined) throw notSimulated('this $filter');
  const limit = readInstant(value);
  return (stored) => compare(field(stored), limit);
}

function readInstant(value: string): number {
  try {
    return instantOf({ dateTime: /T/.test(value) ? value : `${value}T00:00:00`, timeZone: 'UTC' });
  } catch {
    throw invalid('ErrorInvalidUrlQueryFilter', 'The filter holds a date that cannot be read.');
  }
}

function ordered(events: readonly StoredEvent[], order: string | null): readonly StoredEvent[] {
  if (order === null) return events;
  const [, name = '', direction = 'asc'] = /^\s*([\w/]+)(?:\s+(asc|desc))?\s*$/i.exec(order) ?? [];
  const field = FIELDS[name.toLowerCase()];
  if (field === undefined) throw notSimulated('this $orderby');
  const sign = direction.toLowerCase() === 'desc' ? -1 : 1;
  return events.toSorted((a, b) => sign * (field(a) - field(b)));
}

function readCount(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw invalid('ErrorInvalidUrlQuery', `The value of ${name} is not a number.`);
  return Number(text);
}
