import { areOurs, type BodyLine } from './own-lines.ts';
import { quoteBegin } from './quoted-part.ts';

/** The lines of one block, by their index in the body. */
export interface BlockLines {
  /** Those that are ours, delimiters included, in their order. */
  readonly ours: readonly number[];
  /** Whether both delimiters stand. */
  readonly whole: boolean;
}

/** No block is longer: header and footer of 1,024 characters each, on lines of one character. */
const MOST_LINES = 1_100;

/**
 * The join blocks of a body. One delimiter is enough: from an opening without its closing the block goes as far as the lines are
 * ours, and likewise back from a closing alone. Blocks in quoted messages belong to other meetings and are the user's text.
 */
export function findBlocks(lines: readonly BodyLine[], ownTexts: readonly string[]): BlockLines[] {
  const end = quoteBegin(lines);
  const own = [...lines.entries()].filter(([index, line]) => index < end && !line.quoted);
  const borders = own.filter(([, line]) => line.kind !== 'words');
  const blocks: BlockLines[] = [];
  let free = 0;
  for (let n = 0; n < borders.length; n += 1) {
    const [at, border] = borders[n] ?? [0, null];
    const [next, partner] = borders[n + 1] ?? [lines.length, null];
    const isOpening = border?.kind === 'opening';
    const whole = isOpening && partner?.kind === 'closing';
    const reach = isOpening ? Math.min(next, at + MOST_LINES) : Math.max(free, at - MOST_LINES);
    const ours = whole
      ? between(lines, at, next + 1, ownTexts)
      : isOpening
        ? onwards(lines, at, reach, ownTexts)
        : backwards(lines, reach, at + 1, ownTexts);
    blocks.push({ ours, whole });
    free = (ours.at(-1) ?? at) + 1;
    if (whole) n += 1;
  }
  return blocks;
}

/** What is ours from one line to before another. */
function between(
  lines: readonly BodyLine[],
  from: number,
  to: number,
  ownTexts: readonly string[],
): number[] {
  const ours = areOurs(lines.slice(from, to), ownTexts);
  return ours.flatMap((mine, index) => (mine ? [from + index] : []));
}

/** From the opening to the last line of ours before the first of the user's; blank lines at the end are the user's. */
function onwards(
  lines: readonly BodyLine[],
  from: number,
  to: number,
  ownTexts: readonly string[],
): number[] {
  const ours = areOurs(lines.slice(from, to), ownTexts);
  const end = ours.includes(false) ? from + ours.indexOf(false) : to;
  return trimmed(lines, from, end);
}

/** The same from the closing upwards. */
function backwards(
  lines: readonly BodyLine[],
  from: number,
  to: number,
  ownTexts: readonly string[],
): number[] {
  const ours = areOurs(lines.slice(from, to), ownTexts);
  return trimmed(lines, from + ours.lastIndexOf(false) + 1, to);
}

function trimmed(lines: readonly BodyLine[], from: number, to: number): number[] {
  const indices = Array.from({ length: to - from }, (_, index) => from + index);
  const isBlank = (index: number): boolean => lines[index]?.text.trim() === '';
  const first = indices.findIndex((index) => !isBlank(index));
  return indices.slice(first, indices.findLastIndex((index) => !isBlank(index)) + 1);
}
