import { z } from 'zod';
import { AppError } from '../domain/app-error.ts';
import { nextLink } from './next-link.ts';
import { callWebex, unreadableAnswer, type WebexApiDeps } from './rest.ts';

const MAX_PAGES = 1_000;
const COLLECTION = z.object({ items: z.array(z.unknown()) });

/**
 * A collection page by page, along its Link headers (reference: webex.md 4.1); whoever stops reading asks for no more.
 * `absent`: statuses that say that there is none. Throws AppError as `callWebex` does.
 */
export async function* webexPages(
  deps: WebexApiDeps,
  firstUrl: string,
  absent: readonly number[] = [],
): AsyncGenerator<readonly unknown[]> {
  let url: string | null = firstUrl;
  for (let page = 0; url !== null; page += 1) {
    if (page >= MAX_PAGES) throw unreadableAnswer();
    const { status, headers, json } = await callWebex(deps, { method: 'GET', url, expect: absent });
    if (absent.includes(status)) return;
    const collection = COLLECTION.safeParse(json).data;
    if (collection === undefined) throw unreadableAnswer();
    yield collection.items;
    url = samePlace(deps.apiUrl, nextLink(headers.get('link')));
  }
}

// A next page is followed verbatim, but the token goes to the configured host only.
function samePlace(apiUrl: string, link: string | null): string | null {
  if (link === null || URL.parse(link)?.origin === new URL(apiUrl).origin) return link;
  throw new AppError({
    code: 'forbidden',
    reason: 'WEBEX_HOST_NOT_ALLOWED',
    message: 'An answer pointed to a host outside webex.api_url; it was not followed and no token was sent.',
    upstream: 'webex',
  });
}
