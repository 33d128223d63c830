import type { LineKind } from './delimiter.ts';
import { LANGUAGES, wordingOf } from './languages.ts';
import { lineMark, plainKey } from './plain-key.ts';

/** One visible line of a body, of whichever kind; a line is divided at the delimiters in it. */
export interface BodyLine {
  readonly kind: LineKind;
  readonly text: string;
  /** It stands in a quoted message: no block of this meeting. */
  readonly quoted: boolean;
  /** Classes of the elements around it. */
  readonly marks: readonly string[];
}

type ValueKind = 'link' | 'video' | 'number' | 'password' | 'phone' | 'accessCode';

/** What a value looks like when it stands on a line of its own behind its label. */
const VALUES: Readonly<Record<ValueKind, RegExp>> = {
  link: /^\S+:\/\/\S+$/,
  video: /^\S+@\S+$/,
  number: /^[\d ]+$/,
  password: /^\S+$/,
  phone: /^\+?[\d(][\d ().-]{4,}.*$/,
  accessCode: /^[\d #]+$/,
};

interface Label {
  readonly key: string;
  readonly value: ValueKind;
}

/**
 * The labels, by their first letter, and the whole lines of every language, since a block may be older than its mailbox's present
 * language.
 */
const { LABELS, WHOLES } = knownWords();

/**
 * Which lines of a block are ours. The rest is the user's: what somebody wrote between our delimiters is not lost. A line that
 * begins with one of our labels is ours to its end; a blank line belongs to the line above.
 */
export function areOurs(lines: readonly BodyLine[], ownTexts: readonly string[]): boolean[] {
  const own = new Set(ownTexts.flatMap((text) => text.split('\n').map(plainKey)));
  const marked = lines.some(hasMark);
  let expected: ValueKind | null = null;
  let before = true;
  return lines.map((line) => {
    const key = plainKey(line.text);
    if (key === '') return before;
    const label = LABELS.get(key.charAt(0))?.find((known) => beginsWith(key, known.key));
    const isValue = expected !== null && looksLike(expected, key, marked);
    before = line.kind !== 'words' || isValue || label !== undefined || isWhole(line, key, own);
    expected = nextValue(label, key, expected, isValue);
    return before;
  });
}

/** Any word could be a password: where the block still has its marks, they tell. */
function looksLike(value: ValueKind, key: string, marked: boolean): boolean {
  return VALUES[value].test(key) && !(value === 'password' && marked);
}

/** A label alone asks for its value, which may come after words of the user's; phone numbers come one a line. */
function nextValue(
  label: Label | undefined,
  key: string,
  expected: ValueKind | null,
  isValue: boolean,
): ValueKind | null {
  if (label !== undefined) return /^ ?:?$/.test(key.slice(label.key.length)) ? label.value : null;
  return isValue && expected !== 'phone' ? null : expected;
}

function isWhole(line: BodyLine, key: string, own: ReadonlySet<string>): boolean {
  return WHOLES.has(key) || own.has(key) || hasMark(line);
}

function hasMark({ marks, text }: BodyLine): boolean {
  return marks.length > 0 && marks.includes(lineMark(text));
}

function beginsWith(key: string, label: string): boolean {
  return key.startsWith(label) && /^ ?(?::|$)/.test(key.slice(label.length));
}

function knownWords(): { LABELS: ReadonlyMap<string, readonly Label[]>; WHOLES: ReadonlySet<string> } {
  const labels: Label[] = [];
  const wholes = new Set<string>();
  for (const language of LANGUAGES) {
    const wording = wordingOf(language);
    labels.push({ key: plainKey(wording.join), value: 'link' });
    for (const value of ['video', 'number', 'password', 'phone', 'accessCode'] as const)
      labels.push({ key: plainKey(wording[value]), value });
    for (const text of [wording.title, wording.hostNote]) wholes.add(plainKey(text));
  }
  return { LABELS: Map.groupBy(labels, ({ key }) => key.charAt(0)), WHOLES: wholes };
}
