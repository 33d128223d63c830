import { findBlocks } from './found-blocks.ts';
import type { JoinBlock } from './join-details.ts';
import { type Cut, spliced } from './splice.ts';
import { textBlock } from './text-block.ts';
import { type TextLine, textLines } from './text-lines.ts';

/** A plain text with its blocks replaced by one, in the first one's place or above everything; for null, by none. */
export function replacedInText(text: string, block: JoinBlock | null, ownTexts: readonly string[]): string {
  const lines = textLines(text);
  const found = findBlocks(lines, ownTexts).map(({ ours }) => new Set(ours.flatMap((n) => lines[n] ?? [])));
  const cuts = found.flatMap((ours) => cutsOf(ours, lines));
  if (block === null) return spliced(text, cuts, null);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const [first] = found[0] ?? [];
  const written = textBlock(block, lineEnd) + lineEnd + lineEnd;
  return spliced(text, cuts, { at: first?.lineFrom ?? 0, text: written });
}

/** Whole lines with their ends, and the blank line below; where the user's words share a line, only what is ours of it. */
function cutsOf(ours: ReadonlySet<TextLine>, lines: readonly TextLine[]): Cut[] {
  const shared = new Set(lines.filter((line) => !ours.has(line)).map(({ lineFrom }) => lineFrom));
  const cuts = [...ours].map(({ from, to, lineFrom, lineTo }): Cut => {
    return shared.has(lineFrom) ? { from, to } : { from: lineFrom, to: lineTo };
  });
  const end = cuts.at(-1)?.to;
  const below = lines.find(({ lineFrom }) => lineFrom === end);
  return below === undefined || below.text.trim() !== ''
    ? cuts
    : [...cuts, { from: below.lineFrom, to: below.lineTo }];
}
