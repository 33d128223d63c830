import { getDomain } from 'tldts';
import type { CalendarEvent } from './calendar-event.ts';
import { type HtmlReading, readBody } from './html-text.ts';

export type JoinProvider = 'webex' | 'teams' | 'zoom' | 'google-meet';

/** How a meeting is joined: who provides it, the web link and, where there is one, the video (SIP) address. */
export interface JoinTarget {
  readonly provider: JoinProvider;
  readonly url: string | null;
  readonly sip: string | null;
  readonly source: 'online-meeting' | 'location' | 'body';
}

/** The first join target in the order online meeting → locations → body; null when the invitation names none. */
export function findJoinTarget(
  event: CalendarEvent,
  body: HtmlReading = readBody(event.bodyType, event.body),
): JoinTarget | null {
  const online = event.onlineMeetingUrl === null ? null : recognise(event.onlineMeetingUrl, 'online-meeting');
  return online ?? inLocations(event) ?? inBody(body);
}

function inLocations(event: CalendarEvent): JoinTarget | null {
  const texts = event.locations.flatMap((location) => [location.displayName, location.uri ?? '']);
  return firstOf(texts.flatMap(addressesIn), 'location') ?? firstSip(texts);
}

function inBody({ text, links }: HtmlReading): JoinTarget | null {
  return firstOf([...links, ...addressesIn(text)], 'body');
}

function firstOf(addresses: readonly string[], source: JoinTarget['source']): JoinTarget | null {
  for (const address of addresses) {
    const target = recognise(address, source);
    if (target !== null) return target;
  }
  return null;
}

function addressesIn(text: string): string[] {
  return text.match(/https:\/\/[^\s<>"')\]]+/giu)?.map((found) => found.replace(/[.,;:!?]+$/u, '')) ?? [];
}

// A video address in clear text counts in the location only: in a body it may be anybody's e-mail address.
function firstSip(texts: readonly string[]): JoinTarget | null {
  for (const text of texts) {
    const sip =
      /(?<![^\s<(])(?:sips?:)?([a-z0-9._-]{1,64}@[a-z0-9-]{1,63}\.webex\.com)(?![a-z0-9.-]*[a-z0-9])/iu.exec(
        text,
      )?.[1];
    if (sip !== undefined)
      return { provider: 'webex', url: null, sip: sip.toLowerCase(), source: 'location' };
  }
  return null;
}

function recognise(address: string, source: JoinTarget['source']): JoinTarget | null {
  const url = URL.parse(address);
  // User information before the host is a trick to look like another host.
  if (url === null || url.protocol !== 'https:' || url.username !== '') return null;
  const provider = providerOf(url);
  if (provider === null) return null;
  return { provider, url: url.href, sip: provider === 'webex' ? webexSip(url) : null, source };
}

// Hosts are compared on the registrable domain: `webex.com.evil.example` and `evilwebex.com` are not Webex.
function providerOf(url: URL): JoinProvider | null {
  const path = url.pathname;
  switch (getDomain(url.hostname)) {
    case 'webex.com':
      return /^\/(?:meet|join|m)\/[^/]+\/?$|\/j\.php$/iu.test(path) ? 'webex' : null;
    case 'microsoft.com':
      return url.hostname === 'teams.microsoft.com' && /^\/(?:l\/meetup-join|meet)\//iu.test(path)
        ? 'teams'
        : null;
    case 'live.com':
      return url.hostname === 'teams.live.com' && path.startsWith('/meet/') ? 'teams' : null;
    case 'zoom.us':
      return /^\/(?:j|my|s|w)\/[^/]+/iu.test(path) ? 'zoom' : null;
    case 'google.com':
      return url.hostname === 'meet.google.com' && /^\/[a-z]{3}-[a-z]{4}-[a-z]{3}$/iu.test(path)
        ? 'google-meet'
        : null;
    default:
      return null;
  }
}

function webexSip(url: URL): string | null {
  const room = /^\/(?:meet|join)\/([a-z0-9._-]+)\/?$/iu.exec(url.pathname)?.[1];
  return room === undefined ? null : `${room.toLowerCase()}@${url.hostname}`;
}
