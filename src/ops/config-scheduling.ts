import { z } from 'zod';
import { type Arrangement, type Keywords, MODIFIERS, normaliseKeyword } from '../domain/keyword.ts';
import type { Field } from './config-values.ts';

const WORD = /^[\p{L}\p{M}\p{N}]{1,32}$/u;
/** As one would write the default: `DEFAULT_KEYWORDS`. */
const DEFAULT_TABLE = { webex: 'myroom', meet: 'space' };
const KNOWN = Object.keys(MODIFIERS)
  .map((word) => `"${word}"`)
  .join(', ');

/** A table of keywords without their @ and what each stands for; what is wrong is told at the line of its keyword. */
export function keywordTable(): Field<Keywords> {
  const type = z.record(z.string(), z.unknown(), 'is not a table').transform((table, context): Keywords => {
    const keywords: Record<string, Arrangement> = {};
    for (const [word, value] of Object.entries(table)) {
      const name = normaliseKeyword(word);
      const arrangement =
        typeof value === 'string' && Object.hasOwn(MODIFIERS, value) ? MODIFIERS[value] : undefined;
      const fault = faultOf(word, name, arrangement, keywords);
      if (fault !== null) context.addIssue({ code: 'custom', message: fault, path: [word] });
      else if (arrangement !== undefined) keywords[name] = arrangement;
    }
    return keywords;
  });
  const allowed = `keywords of 1 to 32 letters or digits, without the @, each ${KNOWN}`;
  return { type, allowed, fallback: DEFAULT_TABLE };
}

function faultOf(
  word: string,
  name: string,
  arrangement: Arrangement | undefined,
  known: Readonly<Record<string, Arrangement>>,
): string | null {
  if (!WORD.test(word)) return 'is no keyword';
  if (Object.hasOwn(known, name)) return 'is the same keyword as another';
  return arrangement === undefined ? 'does not say what it stands for' : null;
}
