import { parseFragment } from 'parse5';
import type { Leaf, Piece } from './html-lines.ts';
import type { Cut } from './splice.ts';

// What one or more characters of the source show: a stray tag or comment nothing, a reference its character, a line end a line feed.
const TOKEN = /<!--[\s\S]*?-->|<[/?!]?[a-z][^>]*>|&(?:#x[\da-f]+|#\d+|[a-z][a-z\d]*);?|\r\n?|[\s\S]/giu;

/**
 * Tells where a stretch of a text stands in the source. Null when the source does not show the text in a way that is understood:
 * then it is better left alone.
 */
export function sourceReader(html: string): (piece: Piece) => Cut | null {
  const known = new Map<Leaf, Starts | null>();
  return ({ leaf, from, to }) => {
    const starts = known.get(leaf) ?? startsOf(leaf, html.slice(leaf.from, leaf.to));
    known.set(leaf, starts);
    const [start, end] = [starts?.[from], starts?.[to]];
    return start === undefined || end === undefined ? null : { from: leaf.from + start, to: leaf.from + end };
  };
}

type Starts = (number | undefined)[];

/** For each character of the text, and its end, the offset in the source; undefined within what one reference shows. */
function startsOf({ text }: Leaf, source: string): Starts | null {
  const starts: Starts = [];
  let shown = '';
  for (const { 0: token, index } of source.matchAll(TOKEN)) {
    starts[shown.length] ??= index;
    shown += shownBy(token);
  }
  starts[shown.length] = source.length;
  return shown === text ? starts : null;
}

function shownBy(token: string): string {
  if (token.startsWith('\r')) return '\n';
  if (token === '\0' || (token.startsWith('<') && token.length > 1)) return '';
  if (!token.startsWith('&')) return token;
  const [node] = parseFragment(token).childNodes;
  return node !== undefined && 'value' in node ? node.value : token;
}
