import { ordered, readFilter } from './event-filter.ts';
import type { StoredEvent } from './graph-event.ts';
import { invalid, notSimulated } from './graph-refusal.ts';

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

function readCount(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw invalid('ErrorInvalidUrlQuery', `The value of ${name} is not a number.`);
  return Number(text);
}
