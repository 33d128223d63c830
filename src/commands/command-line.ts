import { parseArgs } from 'node:util';
import { nearest } from '../ops/nearest.ts';
import type { Options } from './command.ts';

/** The caller's mistake: a sentence that names it, and where there is one the remedy. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

interface Config<T extends Options> {
  readonly args: string[];
  readonly options: T;
  readonly allowPositionals: true;
}

/** Options and the rest of a command line. Throws UsageError. */
export function parseCommandLine<const T extends Options>(
  argv: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<Config<T>>> {
  refuseUnknown(argv, options);
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (thrown) {
    // Node's own words name the option; its hints about the shell are left out.
    if (isUsage(thrown)) throw new UsageError(`${thrown.message.split(/\.\s/)[0]?.replace(/\.$/, '')}.`);
    throw thrown;
  }
}

const EITHER = new Intl.ListFormat('en-GB', { type: 'disjunction' });

/** One of the words that a command knows, e.g. its action. Throws UsageError for any other. */
export function oneOf<const T extends string>(
  word: string | undefined,
  known: readonly T[],
  what: string,
): T {
  const found = known.find((candidate) => candidate === word);
  if (found !== undefined) return found;
  if (word === undefined) throw new UsageError(`the ${what} is missing: ${EITHER.format(known)}.`);
  throw new UsageError(`there is no ${what} "${word}".${didYouMean(word, known)}`);
}

/** Empty, or the nearest known word as a question. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known, 2) ?? known.find((candidate) => candidate.startsWith(word));
  return near === undefined ? '' : ` Did you mean "${near}"?`;
}

function refuseUnknown(argv: readonly string[], options: Options): void {
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const known = Object.keys(options);
  for (const token of tokens) {
    if (token.kind !== 'option' || known.includes(token.name)) continue;
    const hint = didYouMean(
      token.rawName,
      known.map((name) => `--${name}`),
    );
    throw new UsageError(`there is no option ${token.rawName}.${hint}`);
  }
}

function isUsage(thrown: unknown): thrown is Error {
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS');
}
