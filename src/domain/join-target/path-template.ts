/**
 * Templates of addresses: segments between slashes, made of literals and of placeholders that each take a run of one class of
 * characters. Nothing is tried twice, so that matching takes time in proportion to the address, whatever the template.
 *
 * `{digits}`, `{letters}`, `{alnum}`, `{code}` (of both), `{hex}`, `{slug}` (letters, digits, `.`, `_`, `-`), `{any}` and in parameters
 * `{all}` (slashes too) take one character or more;
 * `{id=digits}` keeps what was taken as `id`; `{digits:9-11}` and `{digits:6}` say how many. A last segment `*` takes one segment
 * or more, `**` none or more; a first segment `**` takes any folder that the rest stands in.
 */
const CLASSES: Readonly<Record<string, RegExp>> = {
  digits: /[0-9]/,
  letters: /[a-z]/i,
  alnum: /[a-z0-9]/i,
  code: /[a-z0-9]/i,
  hex: /[0-9a-f]/i,
  slug: /[\p{L}\p{M}\p{N}._~%+-]/u,
  any: /[^/]/,
  all: /[\s\S]/,
};
const PLACEHOLDER = /^\{(?:([a-z]{1,20})=)?([a-z]{1,10})(?::(\d{1,3})(?:-(\d{1,3}))?)?\}/;
const MANY = 4096;

interface Run {
  readonly name: string | null;
  readonly of: RegExp;
  readonly min: number;
  readonly max: number;
  /** Letters and digits, some of each. */
  readonly isCode: boolean;
}

type Part = string | Run;
export type Segment = readonly Part[];

export interface PathTemplate {
  /** The path may stand in any folder. */
  readonly anywhere: boolean;
  readonly segments: readonly Segment[];
  /** What may follow: nothing, one segment or more, anything. */
  readonly rest: 'none' | 'some' | 'any';
}

/** What the named placeholders took. */
export type Captures = Record<string, string>;

/** Null when the text is no template. */
export function readPathTemplate(text: string): PathTemplate | null {
  if (!text.startsWith('/')) return null;
  const parts = text === '/' ? [] : text.slice(1).split('/');
  const anywhere = parts[0] === '**' && parts.length > 1;
  if (anywhere) parts.shift();
  const rest = parts.at(-1) === '**' ? 'any' : parts.at(-1) === '*' ? 'some' : 'none';
  if (rest !== 'none') parts.pop();
  const segments = parts.map(readSegment);
  const complete = segments.every((segment) => segment !== null);
  // Where a path may begin anywhere, its end says where: two free ends would have to be tried.
  return complete && !(anywhere && rest !== 'none') ? { anywhere, segments, rest } : null;
}

/** One segment, or the value of a query parameter; null when the text is no template. */
export function readSegment(text: string): Segment | null {
  const parts: Part[] = [];
  for (let at = 0; at < text.length; ) {
    const run = text[at] === '{' ? readRun(text.slice(at)) : null;
    if (run === null && /[{}*]/.test(text[at] ?? '')) return null;
    if (run !== null) {
      parts.push(run[0]);
      at += run[1];
    } else {
      const end = text.slice(at).search(/[{}*]/);
      const literal = end < 0 ? text.slice(at) : text.slice(at, at + end);
      parts.push(literal.toLowerCase());
      at += literal.length;
    }
  }
  return parts.length === 0 ? null : parts;
}

function readRun(text: string): [Run, number] | null {
  const [all, name, word = '', from, to] = PLACEHOLDER.exec(text) ?? [];
  const of = Object.hasOwn(CLASSES, word) ? CLASSES[word] : undefined;
  if (all === undefined || of === undefined) return null;
  const min = from === undefined ? 1 : Number(from);
  const max = to === undefined ? (from === undefined ? MANY : min) : Number(to);
  return [{ name: name ?? null, of, min, max, isCode: word === 'code' }, all.length];
}

/** Whether the path's segments fit; if so, `captures` holds what the placeholders took. */
export function matchPath(template: PathTemplate, path: readonly string[], captures: Captures): boolean {
  const { segments, rest, anywhere } = template;
  const more = path.length - segments.length;
  if (more < 0 || (rest === 'some' && more === 0) || (rest === 'none' && more > 0 && !anywhere)) return false;
  const start = anywhere ? more : 0;
  return segments.every((segment, index) => matchSegment(segment, path[start + index] ?? '', captures));
}

/** Letters of either case are the same; what is captured keeps its case. */
export function matchSegment(segment: Segment, text: string, captures: Captures): boolean {
  const lower = text.toLowerCase();
  // A letter whose lower case is longer would shift every position.
  if (lower.length !== text.length) return false;
  let at = 0;
  for (const [index, part] of segment.entries()) {
    if (typeof part === 'string') {
      if (!lower.startsWith(part, at)) return false;
      at += part.length;
    } else {
      const end = runEnd(part, segment[index + 1], lower, at);
      if (end - at < part.min || (part.isCode && !isCode(lower.slice(at, end)))) return false;
      if (part.name !== null) captures[part.name] = text.slice(at, end);
      at = end;
    }
  }
  return at === text.length;
}

function isCode(text: string): boolean {
  return /\d/.test(text) && /[a-z]/.test(text);
}

function runEnd(run: Run, next: Part | undefined, text: string, from: number): number {
  // A run stops before the literal behind it, even where the run could take that too.
  const stop = typeof next === 'string' ? text.indexOf(next, from + run.min) : text.length;
  const limit = Math.min(stop < 0 ? text.length : stop, from + run.max);
  let end = from;
  while (end < limit && run.of.test(text[end] ?? '')) end += 1;
  return end;
}
