import { type Captures, matchPath, matchSegment } from './path-template.ts';
import type { CompiledLink, CompiledShape, RuleIndex } from './rule-index.ts';
import type { NegativeKind } from './rule-pack.ts';
import { hasSubdomain, isPublicHost, type WebAddress } from './web-address.ts';

export interface RecognisedLink {
  readonly kind: 'join';
  readonly provider: string;
  readonly score: number;
  readonly sip: string | null;
  readonly meetingId: string | null;
  /** Equal for two links into one meeting. */
  readonly key: string;
}

export type Recognition = RecognisedLink | { readonly kind: 'negative'; readonly negative: NegativeKind };

/** What a link is by the rules; null when no rule knows it. A negative rule wins over every other one. */
export function recogniseLink(link: WebAddress, rules: RuleIndex): Recognition | null {
  for (const rule of shapesFor(link.host, rules.negatives)) {
    if (link.scheme === 'https' && fits(rule.shape, link) !== null)
      return { kind: 'negative', negative: rule.kind };
  }
  for (const rule of shapesFor(link.host, rules.links)) {
    const captures = rule.schemes.has(link.scheme) ? fits(rule.shape, link) : null;
    if (captures !== null) return joinOf(rule, link, captures);
  }
  return null;
}

/** The rules of a host: its own first, then those of the hosts above it, then those of its first label, then those of any. */
function* shapesFor<T>(host: string, byHost: ReadonlyMap<string, readonly T[]>): Generator<T> {
  for (let at = 0; at >= 0; ) {
    yield* byHost.get(host.slice(at)) ?? [];
    const dot = host.indexOf('.', at);
    at = dot < 0 ? -1 : dot + 1;
  }
  if (!isPublicHost(host)) return;
  if (hasSubdomain(host)) yield* byHost.get(`${host.slice(0, host.indexOf('.'))}.*`) ?? [];
  yield* byHost.get('*') ?? [];
}

function fits(shape: CompiledShape, link: WebAddress): Captures | null {
  for (const path of shape.paths) {
    const captures: Captures = {};
    const fit = matchPath(path, link.path, captures) && fitsQuery(shape, link, captures);
    if (fit && fitsFragment(shape, link, captures)) return captures;
  }
  return null;
}

function fitsQuery(shape: CompiledShape, link: WebAddress, captures: Captures): boolean {
  return shape.query.every(([name, template]) => {
    const value = link.query.get(name) ?? '';
    return value !== '' && (template === null || matchSegment(template, value, captures));
  });
}

function fitsFragment({ fragment }: CompiledShape, link: WebAddress, captures: Captures): boolean {
  if (fragment === undefined || fragment === null) return fragment === undefined || link.fragment !== '';
  const path = link.fragment
    .replace(/[?&].*$/s, '')
    .split('/')
    .filter((part) => part !== '');
  return matchPath(fragment, path, captures);
}

function joinOf(rule: CompiledLink, link: WebAddress, captures: Captures): RecognisedLink {
  const { host } = link;
  const filled = (template: string | null): string | null =>
    template === null ? null : filledIn(template, { ...captures, host });
  const sip = filled(rule.sip)?.toLowerCase() ?? null;
  return {
    kind: 'join',
    provider: rule.provider,
    score: rule.score,
    sip,
    meetingId: plainNumber(filled(rule.meetingId)),
    key: meetingKeyOf(rule, link),
  };
}

/** Null when a capture is missing. */
function filledIn(template: string, values: Captures): string | null {
  let complete = true;
  const text = template.replace(/\{([a-z]+)\}/g, (_all, name: string) => {
    const value = values[name];
    if (value === undefined) complete = false;
    return decoded(value ?? '');
  });
  return complete ? text : null;
}

/** Where path alone says which meeting it is, the rest of the link says only how it is opened. */
function meetingKeyOf({ shape }: CompiledLink, { address, host, path }: WebAddress): string {
  const byPath = shape.query.length === 0 && shape.fragment === undefined;
  return byPath ? [host, ...path.map(decoded)].join('/').toLowerCase() : decoded(address);
}

/** `123-456-789` is the number 123456789. */
function plainNumber(id: string | null): string | null {
  return id !== null && /^[\d -]+$/.test(id) ? id.replaceAll(/\D/g, '') : id;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
