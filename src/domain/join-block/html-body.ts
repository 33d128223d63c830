import type { DefaultTreeAdapterTypes as Tree } from 'parse5';
import { type BlockLines, findBlocks } from './found-blocks.ts';
import { htmlBlock } from './html-block.ts';
import { type HtmlLine, type HtmlReading, type Leaf, type Piece, readHtmlLines } from './html-lines.ts';
import type { JoinBlock } from './join-details.ts';
import { sourceReader } from './leaf-source.ts';
import { bodyStart } from './page-start.ts';
import { type Cut, spliced } from './splice.ts';

/** Elements that a table may stand in. */
const HOLDS_TABLES = new Set(
  'body div td th li blockquote section article main header footer center form dd fieldset figure'.split(' '),
);

/** A page with its blocks replaced by one, in the first one's place or above everything; for null, by none. */
export function replacedInHtml(html: string, block: JoinBlock | null, ownTexts: readonly string[]): string {
  const reading = readHtmlLines(html);
  const found = findBlocks(reading.lines, ownTexts);
  const removal = removalOf(reading, found, html);
  if (block === null) return spliced(html, removal.cuts, null);
  const at = placeOfFirst(reading, found, removal) ?? bodyStart(reading.document, html);
  return spliced(html, removal.cuts, { at, text: htmlBlock(block) });
}

interface Removal {
  readonly cuts: readonly Cut[];
  /** Elements that go as a whole, tags included. */
  readonly gone: ReadonlySet<Tree.Node>;
}

/** Texts and breaks that are ours, and every element that nothing is left to be seen in. */
function removalOf({ lines }: HtmlReading, found: readonly BlockLines[], html: string): Removal {
  const { going, kept } = sorted(lines, new Set(found.flatMap((block) => block.ours)));
  const sourceOf = sourceReader(html);
  const cuts: Cut[] = [];
  const gone = new Set<Tree.Node>();
  for (const piece of going) {
    const cut = isWhole(piece) && !kept.has(piece.leaf.from) ? piece.leaf : sourceOf(piece);
    // A text that the source does not plainly show stays, and with it the elements around it.
    if (cut === null) kept.add(piece.leaf.from);
    else cuts.push({ from: cut.from, to: cut.to });
  }
  const keptFrom = [...kept].sort((a, b) => a - b);
  for (const { leaf } of going) addEmptied(leaf, keptFrom, gone, cuts);
  return { cuts, gone };
}

/** What goes, and where the leaves begin of which something to be seen is kept. */
function sorted(
  lines: readonly HtmlLine[],
  ours: ReadonlySet<number>,
): { readonly going: readonly Piece[]; readonly kept: Set<number> } {
  const shared = new Set(lines.flatMap((line, n) => (ours.has(n) ? [] : [line.number])));
  const kept = new Set<number>();
  const going: Piece[] = [];
  for (const [n, line] of lines.entries()) {
    for (const piece of line.pieces) {
      // The line break behind a delimiter that shares its line with the user's words is theirs.
      const goes = ours.has(n) && !(piece.text === '' && shared.has(line.number));
      if (goes) going.push(piece);
      else if (isSeen(piece)) kept.add(piece.leaf.from);
    }
  }
  return { going, kept };
}

function isSeen({ text }: Piece): boolean {
  return text === '' || /[^ \t\r\n\f]/.test(text);
}

function isWhole({ leaf, from, to }: Piece): boolean {
  return from === 0 && to === leaf.text.length;
}

/** Climbs from what is gone for as long as nothing else is to be seen around it; a page keeps its body. */
function addEmptied(leaf: Leaf, keptFrom: readonly number[], gone: Set<Tree.Node>, cuts: Cut[]): void {
  for (let node = parentOf(leaf.node); node !== null && !gone.has(node); node = parentOf(node)) {
    if (node.nodeName === 'body' || node.nodeName === 'html') return;
    const place = placeOf(node);
    if (place === null) continue;
    if (countBelow(keptFrom, place.to) > countBelow(keptFrom, place.from)) return;
    gone.add(node);
    cuts.push(place);
  }
}

/** How many of the sorted numbers are smaller. */
function countBelow(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where the first block stood, or the nearest place before it that a table may stand at. */
function placeOfFirst(
  { lines }: HtmlReading,
  [first]: readonly BlockLines[],
  removal: Removal,
): number | null {
  const [index] = first?.ours ?? [];
  const piece = index === undefined ? undefined : lines[index]?.pieces[0];
  if (piece === undefined) return null;
  let node: Tree.Node = piece.leaf.node;
  let at = piece.leaf.from;
  for (let parent = parentOf(node); parent !== null; parent = parentOf(node)) {
    if (!removal.gone.has(parent) && HOLDS_TABLES.has(parent.nodeName)) return at;
    node = parent;
    at = placeOf(parent)?.from ?? at;
  }
  return at;
}

function parentOf(node: Tree.Node): Tree.ParentNode | null {
  return 'parentNode' in node ? node.parentNode : null;
}

function placeOf(node: Tree.Node): Cut | null {
  const location = node.sourceCodeLocation;
  return location ? { from: location.startOffset, to: location.endOffset } : null;
}
