import type { Context } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { webexError } from './webex-error.ts';

const MOST = 100;
const WHOLE = z.string().regex(/^\d{1,9}$/);
const QUERY = z.object({
  max: WHOLE.transform(Number).pipe(z.int().min(1)),
  start: WHOLE.transform(Number).default(0),
});

/**
 * One page of a collection. `max` (at most 100 count) and `start` choose it; a Link header leads to the next one and keeps
 * every other parameter (reference: webex.md 4.1). `usual`: how many come when nobody says.
 */
export function page<T>(
  context: CloudContext,
  c: Context,
  all: readonly T[],
  view: (one: T) => object,
  usual = MOST,
): Response {
  const query = QUERY.safeParse({ max: String(usual), ...c.req.query() });
  if (!query.success) return webexError(c, 400, 'max and start are whole numbers');
  const { start } = query.data;
  const next = start + Math.min(query.data.max, MOST);
  if (next < all.length) {
    const url = new URL(c.req.path, context.baseUrl);
    url.search = new URL(c.req.url).search;
    url.searchParams.set('start', String(next));
    c.header('Link', `<${url}>; rel="next"`);
  }
  return c.json({ items: all.slice(start, next).map(view) });
}
