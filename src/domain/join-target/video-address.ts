import { withoutTail } from './address-scan.ts';
import { matchSegment } from './path-template.ts';
import type { RuleIndex } from './rule-index.ts';
import { isPublicHost } from './web-address.ts';

/** A video address in a text, with or without a scheme before it. */
export interface VideoAddress {
  /** Without scheme; the host in lower case. */
  readonly address: string;
  readonly scheme: 'sip' | 'h323' | null;
  readonly at: number;
}

const HOST = '(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.){1,8}[a-z][a-z0-9-]{1,23}';
const USER = "[a-z0-9._%+!~*'$&=-]{1,128}";
const WITH_SCHEME = /(?<![a-z0-9+.-]|conf:)(sips?|h323):(?:\/\/)?([a-z0-9][^\s<>"()[\]{}|\\^`]{2,255})/gi;
const PLAIN = new RegExp(
  `(?<![a-z0-9._%+!~*'$&=@/-])(${USER}@(?:${HOST}|\\d{1,3}(?:\\.\\d{1,3}){3}))(?![a-z0-9@-]|\\.[a-z0-9])`,
  'gi',
);
const LINK = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s<>"]+/gi;
/** user@host, a host's number alone, or one with an extension behind it; port and parameters belong to the address. */
const DIALLED = new RegExp(
  `^(?:${USER}@)?(?:${HOST}|\\d{1,3}(?:\\.\\d{1,3}){3})(?:##\\d{1,24})?(?::\\d{1,5})?(?:[;?][a-z0-9=;&._~%+-]*)?$`,
  'i',
);

/** Video addresses and what looks like one, in the order in which they stand. A mail address is among them. */
export function videoAddressesIn(text: string): VideoAddress[] {
  // Most texts hold none, and the search for users tries every word.
  if (!text.includes('@') && !/h323:/i.test(text)) return [];
  const found: VideoAddress[] = [];
  const ends = new Set<number>();
  for (const { index, 0: all, 1: word = '', 2: raw = '' } of text.matchAll(WITH_SCHEME)) {
    const address = lowerHost(withoutTail(raw));
    const scheme = word.toLowerCase() === 'h323' ? 'h323' : 'sip';
    for (let end = index; end <= index + all.length; end += 1) ends.add(end);
    if (DIALLED.test(address) && (scheme === 'h323' || address.includes('@')))
      found.push({ address, scheme, at: index });
  }
  const links = [...text.matchAll(LINK)].map(({ index, 0: all }) => [index, index + all.length] as const);
  let link = 0;
  for (const { index, 1: address = '' } of text.matchAll(PLAIN)) {
    // A user before the host of a link is no address to dial.
    while ((links[link]?.[1] ?? Number.MAX_SAFE_INTEGER) <= index) link += 1;
    const before = text.slice(Math.max(0, index - 7), index).toLowerCase();
    if (before.endsWith('mailto:') || ends.has(index) || (links[link]?.[0] ?? index) < index) continue;
    found.push({ address: lowerHost(address), scheme: null, at: index });
  }
  return found.sort((a, b) => a.at - b.at);
}

function lowerHost(address: string): string {
  const at = address.indexOf('@') + 1;
  const end = address.slice(at).search(/[;?]/);
  const until = end < 0 ? address.length : at + end;
  return address.slice(0, at) + address.slice(at, until).toLowerCase() + address.slice(until);
}

/** Whose rooms such an address dials; null when no rule claims it. */
export function videoProvider(address: string, rules: RuleIndex): string | null {
  const [user = '', rest = ''] = address.split('@', 2);
  const host = rest.replace(/[:;?].*$/, '');
  for (const [parent, below] of hostAndAbove(host)) {
    for (const rule of rules.video.get(parent) ?? [])
      if ((below || !rule.below) && rule.users.some((template) => matchSegment(template, user, {})))
        return rule.provider;
  }
  return null;
}

/** Digits before the @ dial a room; a mail service's host makes it somebody's mail address all the same. */
export function isDialled(address: string, rules: RuleIndex): boolean {
  const [user = '', host = ''] = address.split('@', 2);
  if (!/^\d{2,24}(?:\.\d{2,24})?$/.test(user)) return false;
  if (!isPublicHost(host) && !/^\d+(?:\.\d+){3}$/.test(host)) return false;
  return hostAndAbove(host).every(([parent]) => !rules.mailHosts.has(parent));
}

function hostAndAbove(host: string): [host: string, below: boolean][] {
  const labels = host.split('.').slice(-10);
  return labels.map((_label, index) => [labels.slice(index).join('.'), index > 0]);
}
