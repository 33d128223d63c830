/** What a keyword in a meeting's location asks for (reference: webex.md 5.1). */
export type Arrangement = 'personal-room' | 'space' | 'one-time';

/** Keywords without their @, normalised as by `normaliseKeyword`, and what each stands for when nothing else is asked for. */
export type Keywords = Readonly<Record<string, Arrangement>>;

export interface KeywordHit {
  /** Index in the event's locations. */
  readonly locationIndex: number;
  /** Where the keyword stands in that location's display name. */
  readonly start: number;
  readonly end: number;
  /** As typed, e.g. `@Webex:myroom`. */
  readonly typed: string;
  readonly arrangement: Arrangement;
  /** A modifier that is none: the keyword's own arrangement counts, and the owner may want to know. */
  readonly modifierUnknown: boolean;
}

export const DEFAULT_KEYWORDS: Keywords = { webex: 'personal-room', meet: 'space' };

/** Behind a colon: another arrangement than the keyword's own. */
export const MODIFIERS: Readonly<Record<string, Arrangement>> = {
  myroom: 'personal-room',
  space: 'space',
  onetime: 'one-time',
};

const WORD = String.raw`[\p{L}\p{M}\p{N}]+`;
// Not inside a word or an address: nothing word-like stands directly before the @ or behind the last word. Full-width forms are
// what Asian keyboards type; blanks may stand around the signs.
const AT = String.raw`(?<![\p{L}\p{M}\p{N}._%+@＠-])[@＠]\s?(${WORD})`;
const ENDS = String.raw`(?![\p{L}\p{M}\p{N}@＠.-]*[\p{L}\p{N}@＠])`;
const PATTERNS = [
  new RegExp(String.raw`${AT}\s?[:：]\s?(${WORD})${ENDS}`, 'giu'),
  new RegExp(`${AT}${ENDS}`, 'giu'),
];

/** A keyword or modifier as it is compared: full width as half, composed, lower case. */
export function normaliseKeyword(word: string): string {
  return word.normalize('NFKC').toLowerCase();
}

/** The leftmost keyword of the locations, in their order; null when there is none. */
export function findKeyword(
  displayNames: readonly string[],
  keywords: Keywords = DEFAULT_KEYWORDS,
): KeywordHit | null {
  for (const [locationIndex, name] of displayNames.entries()) {
    const hits = PATTERNS.flatMap((pattern) => hitsIn(name, pattern, keywords));
    const [first] = hits.sort((a, b) => a.start - b.start || b.end - a.end);
    if (first !== undefined) return { locationIndex, ...first };
  }
  return null;
}

type Hit = Omit<KeywordHit, 'locationIndex'>;

function hitsIn(name: string, pattern: RegExp, keywords: Keywords): Hit[] {
  return [...name.matchAll(pattern)].flatMap((match) => {
    const [typed, word = '', modifier] = match;
    const own = namedBy(keywords, word);
    if (own === undefined) return [];
    const asked = modifier === undefined ? own : namedBy(MODIFIERS, modifier);
    // "@webex: room 5": what stands apart from the colon is a remark when it is no modifier.
    if (asked === undefined && /[:：]\s/u.test(typed)) return [];
    const place = { start: match.index, end: match.index + typed.length, typed };
    return [{ ...place, arrangement: asked ?? own, modifierUnknown: asked === undefined }];
  });
}

function namedBy(table: Readonly<Record<string, Arrangement>>, word: string): Arrangement | undefined {
  const name = normaliseKeyword(word);
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
