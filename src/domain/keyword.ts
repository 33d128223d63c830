/** Keywords that people type into a meeting's location (reference: webex.md 5.1). */
export type Arrangement = 'personal-room' | 'space' | 'one-time';

export interface KeywordHit {
  /** Index in the event's locations. */
  readonly locationIndex: number;
  /** Where the keyword stands in that location's display name. */
  readonly start: number;
  readonly end: number;
  /** As typed, e.g. `@Webex:myroom`. */
  readonly typed: string;
  readonly arrangement: Arrangement;
}

const DEFAULTS: Readonly<Record<string, Arrangement>> = { webex: 'personal-room', meet: 'space' };
const MODIFIERS: Readonly<Record<string, Arrangement>> = {
  myroom: 'personal-room',
  space: 'space',
  onetime: 'one-time',
};

// Not inside a word or an address: nothing word-like stands directly before the @ or after the keyword.
const KEYWORD = /(?<![\p{L}\p{N}._%+@-])@(webex|meet)(?::([a-z]+))?(?![\p{L}\p{N}@.-]*[\p{L}\p{N}@])/iu;

/** The leftmost keyword of the locations, or null. An unknown modifier counts as none. */
export function findKeyword(displayNames: readonly string[]): KeywordHit | null {
  for (const [locationIndex, name] of displayNames.entries()) {
    const match = KEYWORD.exec(name);
    const word = match?.[1]?.toLowerCase();
    if (match === null || word === undefined) continue;
    const arrangement = MODIFIERS[match[2]?.toLowerCase() ?? ''] ?? DEFAULTS[word] ?? 'personal-room';
    const typed = match[0];
    return { locationIndex, start: match.index, end: match.index + typed.length, typed, arrangement };
  }
  return null;
}
