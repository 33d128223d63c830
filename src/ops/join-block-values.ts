import { z } from 'zod';
import { holdsDelimiter } from '../domain/join-block/delimiter.ts';
import type { TextByLanguage } from '../domain/join-block/join-details.ts';
import { isLanguage, LANGUAGES, type Language } from '../domain/join-block/languages.ts';
import type { Field } from './config-values.ts';

/** Characters of a header or footer, spaces counted (reference: hybrid-calendar.md 1.7). */
const MOST_CHARACTERS = 1024;
const KNOWN = LANGUAGES.map((language) => `"${language}"`).join(', ');

export function language(fallback: Language): Field<Language> {
  return { type: z.custom<Language>(isKnown, 'is not one of the languages'), allowed: KNOWN, fallback };
}

/** A list of some of the words, at least one; the order does not matter. */
export function someOf<const T extends string>(known: readonly T[]): Field<readonly T[]> {
  const type = z.array(z.unknown(), 'is not a list').transform((given, context): readonly T[] => {
    if (given.some((word) => !known.some((one) => one === word)))
      context.addIssue('names something that is not one of the allowed words');
    else if (given.length === 0) context.addIssue('is empty');
    return known.filter((one) => given.includes(one));
  });
  return {
    type,
    allowed: `a list of one or more of ${known.map((word) => `"${word}"`).join(', ')}`,
    fallback: known,
  };
}

/** A table of plain texts by language; what is wrong is told at the line of its text. */
export function textsByLanguage(what: string): Field<TextByLanguage> {
  const type = z
    .record(z.string(), z.unknown(), 'is not a table')
    .transform((table, context): TextByLanguage => {
      const texts: Partial<Record<Language, string>> = {};
      for (const [key, value] of Object.entries(table)) {
        const fault = isLanguage(key) ? faultOf(value) : 'is not one of the languages';
        if (fault !== null) context.addIssue({ code: 'custom', message: fault, path: [key] });
        else if (isLanguage(key) && typeof value === 'string' && value.trim() !== '') texts[key] = value;
      }
      return texts;
    });
  const allowed = `${what} by language as plain text of at most ${MOST_CHARACTERS} characters; languages: ${KNOWN}`;
  return { type, allowed, fallback: {} };
}

function faultOf(value: unknown): string | null {
  if (typeof value !== 'string') return 'is not a text in quotes';
  const { length } = [...value];
  if (length > MOST_CHARACTERS) return `has ${length} characters, ${length - MOST_CHARACTERS} too many`;
  const control = [...value].findIndex((character) => /[^\P{Cc}\n\r\t]/u.test(character));
  if (control >= 0) return `holds a control character as its character ${control + 1}`;
  return holdsDelimiter(value) ? 'holds a line like the ones that a join block begins or ends with' : null;
}

function isKnown(value: unknown): boolean {
  return typeof value === 'string' && isLanguage(value);
}
