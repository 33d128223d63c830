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
  const taken = [...text.matchAll(LINK)].map(rangeOf);
  for (const match of text.matchAll(WITH_SCHEME)) {
    const [, word = '', raw = ''] = match;
    const address = lowerHost(withoutTail(raw));
    const scheme = word.toLowerCase() === 'h323' ? 'h323' : 'sip';
    taken.push(rangeOf(match));
    if (DIALLED.test(address) && (scheme === 'h323' || address.includes('@')))
      found.push({ address, scheme, at: match.index });
  }
  taken.sort((a, b) => a.from - b.from);
  for (const { address, at } of plainAddresses(text, taken)) found.push({ address, scheme: null, at });
  return found.sort((a, b) => a.at - b.at);
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function rangeOf({ index, 0: all }: RegExpExecArray): Range {
  return { from: index, to: index + all.length };
}

/** A user before the host of a link, or in an address with a scheme, is no address of its own. */
function* plainAddresses(text: string, taken: readonly Range[]): Generator<{ address: string; at: number }> {
  let next = 0;
  for (const { index: at, 1: address = '' } of text.matchAll(PLAIN)) {
    while ((taken[next]?.to ?? Number.MAX_SAFE_INTEGER) <= at) next += 1;
    const isTaken = (taken[next]?.from ?? at) < at;
    if (!isTaken && text.slice(Math.max(0, at - 7), at).toLowerCase() !== 'mailto:')
      yield { address: lowerHost(address), at };
  }
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
  for (const parent of hostAndAbove(host)) {
    for (const rule of rules.video.get(parent) ?? [])
      if ((parent !== host || !rule.below) && rule.users.some((template) => matchSegment(template, user, {})))
        return rule.provider;
  }
  return null;
}

/** Digits before the @ dial a room; a mail service's host makes it somebody's mail address all the same. */
export function isDialled(address: string, rules: RuleIndex): boolean {
  const [user = '', host = ''] = address.split('@', 2);
  if (!/^\d{2,24}(?:\.\d{2,24})?$/.test(user)) return false;
  if (!isPublicHost(host) && !/^\d+(?:\.\d+){3}$/.test(host)) return false;
  return !hostAndAbove(host).some((parent) => rules.mailHosts.has(parent));
}

/** `a.b.c`, `b.c`, `c`. */
function hostAndAbove(host: string): string[] {
  const hosts = [host];
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1))
    hosts.push(host.slice(dot + 1));
  return hosts;
}
