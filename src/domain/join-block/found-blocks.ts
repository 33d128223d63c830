import { areOurs, type BodyLine } from './own-lines.ts';

/** The lines of one block, by their index in the body. */
export interface BlockLines {
  /** Those that are ours, delimiters included, in their order. */
  readonly ours: readonly number[];
  /** Whether both delimiters stand. */
  readonly whole: boolean;
}

/**
 * The join blocks of a body. One delimiter is enough: from an opening without its closing the block goes as far as the lines are
 * ours, and likewise back from a closing alone. Blocks in quoted messages belong to other meetings and are the user's text.
 */
export function findBlocks(lines: readonly BodyLine[], ownTexts: readonly string[]): BlockLines[] {
  const blocks: BlockLines[] = [];
  const borders = [...lines.entries()].filter(([, line]) => line.kind !== 'words' && !line.quoted);
  let free = 0;
  for (let n = 0; n < borders.length; n += 1) {
    const [at, border] = borders[n] ?? [0, null];
    const [next, partner] = borders[n + 1] ?? [lines.length, null];
    const isWhole = border?.kind === 'opening' && partner?.kind === 'closing';
    const [from, to] = border?.kind === 'opening' ? [at, isWhole ? next + 1 : next] : [free, at + 1];
    const part = lines.slice(from, to);
    const ours = areOurs(part, ownTexts);
    const chosen = isWhole ? ours : border?.kind === 'opening' ? asFar(ours, part) : asFarBack(ours, part);
    blocks.push({ ours: chosen.flatMap((mine, index) => (mine ? [from + index] : [])), whole: isWhole });
    free = Math.max(...chosen.flatMap((mine, index) => (mine ? [from + index + 1] : [])), at + 1);
    if (isWhole) n += 1;
  }
  return blocks;
}

/** From the opening to the last line of ours before the first of the user's. */
function asFar(ours: readonly boolean[], part: readonly BodyLine[]): boolean[] {
  const end = ours.indexOf(false);
  const run = end < 0 ? ours.length : end;
  const last = part.slice(0, run).findLastIndex((line) => line.text.trim() !== '');
  return ours.map((_, index) => index <= last);
}

/** The same from the closing upwards. */
function asFarBack(ours: readonly boolean[], part: readonly BodyLine[]): boolean[] {
  const begin = ours.lastIndexOf(false) + 1;
  const first = part.findIndex((line, index) => index >= begin && line.text.trim() !== '');
  return ours.map((_, index) => index >= first);
}
