import { z } from 'zod';
import { AppError } from '../domain/app-error.ts';
import { type GraphClient, unreadable } from './client.ts';
import type { Refusal } from './graph-error.ts';

/** A listing that goes on for ever is a fault of the service, and must not be ours. */
export const MAX_PAGES = 1_000;
const PAGE = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() });

/** All rows of a listing. nextLinks are followed exactly as they come, and only to Graph itself (graph.md 1.4). */
export async function readPages(
  client: GraphClient,
  first: string,
  mailbox: string | null,
): Promise<unknown[]>;
/** With `isGone`, null when a page is refused in that way. */
export async function readPages(
  client: GraphClient,
  first: string,
  mailbox: string | null,
  isGone: (refusal: Refusal) => boolean,
): Promise<unknown[] | null>;
export async function readPages(
  client: GraphClient,
  first: string,
  mailbox: string | null,
  isGone: (refusal: Refusal) => boolean = () => false,
): Promise<unknown[] | null> {
  const rows: unknown[] = [];
  let url: string | undefined = first;
  for (let page = 0; url !== undefined; page += 1) {
    if (page >= MAX_PAGES) throw endlessListing();
    const answer = await client.call({ method: 'GET', url, mailbox });
    if (answer.kind === 'refused' && isGone(answer.refusal)) return null;
    if (answer.kind === 'refused') throw answer.error;
    const read: z.infer<typeof PAGE> | undefined = PAGE.safeParse(answer.json).data;
    if (read === undefined) throw unreadable();
    rows.push(...read.value);
    url = read['@odata.nextLink'];
  }
  return rows;
}

export function endlessListing(): AppError {
  return new AppError({
    code: 'unavailable',
    reason: 'GRAPH_TOO_MANY_PAGES',
    message: 'Microsoft Graph sent more than 1,000 pages of one listing; it is read again later.',
    upstream: 'graph',
  });
}
