import type { Context } from 'hono';
import { ianaZone } from './time-zone.ts';

const LARGEST_PAGE = 1000;

/** What the `Prefer` header of a request asks for (reference: graph.md 1.3). */
export interface Preferences {
  /** Zone of start and end in the answer, as it was named. */
  readonly timeZone: string;
  readonly bodyType: 'html' | 'text';
  /** Rows on a page of delta; null when nothing was asked for. */
  readonly pageSize: number | null;
}

/** Reads `Prefer` and notes in the answer what was applied. Refuses unknown zones. */
export function readPreferences(c: Context): Preferences {
  const header = c.req.header('prefer') ?? '';
  const timeZone = /outlook\.timezone\s*=\s*"?([^",;]+)"?/i.exec(header)?.[1]?.trim();
  const bodyType = /outlook\.body-content-type\s*=\s*"?(html|text)"?/i.exec(header)?.[1]?.toLowerCase();
  const immutable = /IdType\s*=\s*"?ImmutableId"?/i.test(header);
  const pageSize = /odata\.maxpagesize\s*=\s*"?(\d{1,6})"?/i.exec(header)?.[1];
  if (timeZone !== undefined) ianaZone(timeZone);
  const applied = [
    ...(timeZone === undefined ? [] : [`outlook.timezone="${timeZone}"`]),
    ...(bodyType === undefined ? [] : [`outlook.body-content-type="${bodyType}"`]),
    ...(immutable ? ['IdType="ImmutableId"'] : []),
    ...(pageSize === undefined ? [] : [`odata.maxpagesize=${pageSize}`]),
  ];
  if (applied.length > 0) c.header('Preference-Applied', applied.join(', '));
  return {
    timeZone: timeZone ?? 'UTC',
    bodyType: bodyType === 'text' ? 'text' : 'html',
    pageSize: pageSize === undefined ? null : Math.min(Math.max(Number(pageSize), 1), LARGEST_PAGE),
  };
}
