import { type BlockLines, findBlocks } from './found-blocks.ts';
import type { JoinBlock } from './join-details.ts';
import { type Cut, spliced } from './splice.ts';
import { textBlock } from './text-block.ts';
import { type TextLine, textLines } from './text-lines.ts';

/** A plain text with its blocks replaced by one, in the first one's place or above everything; for null, by none. */
export function replacedInText(text: string, block: JoinBlock | null, ownTexts: readonly string[]): string {
  const lines = textLines(text);
  const found = findBlocks(lines, ownTexts);
  const cuts = cutsOf(found, lines);
  if (block === null) return spliced(text, cuts, null);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const first = lines[found[0]?.ours[0] ?? -1];
  const written = textBlock(block, lineEnd) + lineEnd + lineEnd;
  return spliced(text, cuts, { at: first?.lineFrom ?? 0, text: written });
}

/** Whole lines with their ends, and the blank line below; where the user's words share a line, only what is ours of it. */
function cutsOf(found: readonly BlockLines[], lines: readonly TextLine[]): Cut[] {
  const ours = new Set(found.flatMap((block) => block.ours));
  const shared = new Set(lines.flatMap(({ lineFrom }, n) => (ours.has(n) ? [] : [lineFrom])));
  const below = new Set(found.map((block) => (block.ours.at(-1) ?? -1) + 1));
  return lines.flatMap(({ text, from, to, lineFrom, lineTo }, n): Cut[] => {
    const isBlankBelow = below.has(n) && text.trim() === '' && !shared.has(lines[n - 1]?.lineFrom ?? -1);
    if (isBlankBelow) return [{ from: lineFrom, to: lineTo }];
    if (!ours.has(n)) return [];
    return [shared.has(lineFrom) ? { from, to } : { from: lineFrom, to: lineTo }];
  });
}
