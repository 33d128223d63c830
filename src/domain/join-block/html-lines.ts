import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { dividedAtDelimiters } from './delimiter.ts';
import type { BodyLine } from './own-lines.ts';
import { isLineMark } from './plain-key.ts';

/** What can be seen of a page without children: a text, a line break, a picture. */
export interface Leaf {
  readonly node: Tree.ChildNode;
  /** Where it stands in the source. */
  readonly from: number;
  readonly to: number;
  /** What it shows; a picture and the like show one character that is no letter. */
  readonly text: string;
}

/** A stretch of a leaf's text, and what of it belongs to the line: nothing of what ends one. */
export interface Piece {
  readonly leaf: Leaf;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface HtmlLine extends BodyLine {
  readonly pieces: readonly Piece[];
  /** The same for the stretches of one line. */
  readonly number: number;
}

const INLINE = new Set(
  'a abbr acronym b basefont bdi bdo big cite code data del dfn em font i ins kbd label mark nobr o:p q s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);
const BREAKS = new Set(['br', 'hr']);
const SEEN_VOID = new Set(
  'img object embed iframe video audio canvas svg input button select textarea'.split(' '),
);
const SILENT = new Set('script style head title template noscript'.split(' '));
const PICTURE = '\uFFFC';
const QUOTE_CLASS = /^(?:x_)*(?:gmail_quote.*|moz-cite-prefix|OutlookMessageHeader|EmailQuote)$/;
// The line that Outlook for Windows draws above the message that is answered.
const QUOTE_BORDER =
  /border-top:\s*solid\s+(?:#E1E1E1|#B5C4DF|rgb\(225, ?225, ?225\)|rgb\(181, ?196, ?223\))/i;
const QUOTE_BEGIN = /^(?:x_)*(?:divRplyFwdMsg|appendonsend)$/;

interface Surroundings {
  readonly quoted: boolean;
  /** Line feeds of the text are seen as such. */
  readonly isPre: boolean;
  readonly marks: readonly string[];
}

/** A node to visit, or the end of a block element. */
type Step = (Surroundings & { readonly node: Tree.ChildNode }) | null;

export interface HtmlReading {
  readonly document: Tree.Document;
  readonly lines: readonly HtmlLine[];
}

/** The visible lines of a page: block elements and line breaks end them, table cells too. */
export function readHtmlLines(html: string): HtmlReading {
  const document = parse(html, { sourceCodeLocationInfo: true });
  const reader = new LineReader();
  const outside = { quoted: false, isPre: false, marks: [] };
  // An explicit stack: hostile nesting must not overflow the call stack.
  const stack: Step[] = document.childNodes.map((node) => ({ node, ...outside })).reverse();
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    if (step === null) reader.endLine();
    // One by one: a call takes only so many arguments.
    else for (const next of reader.visit(step).reverse()) stack.push(next);
  }
  reader.endLine();
  return { document, lines: reader.lines };
}

class LineReader {
  readonly lines: HtmlLine[] = [];
  private pieces: Piece[] = [];
  private around: Surroundings = { quoted: false, isPre: false, marks: [] };
  private quotedFromHere = false;
  private count = 0;

  /** What is to be visited next, in its order. */
  visit(step: NonNullable<Step>): Step[] {
    const { node } = step;
    if (node.nodeName === 'hr') this.endLine();
    if (node.nodeName === '#text' || BREAKS.has(node.nodeName) || SEEN_VOID.has(node.nodeName))
      this.addLeaf(step);
    if (BREAKS.has(node.nodeName)) this.endLine();
    if (!('childNodes' in node) || SILENT.has(node.nodeName) || SEEN_VOID.has(node.nodeName)) return [];
    const isBlock = !INLINE.has(node.nodeName);
    if (isBlock) this.endLine();
    const inside = this.surroundings(node, step);
    const children = node.childNodes.map((child) => ({ node: child, ...inside }));
    return isBlock ? [...children, null] : children;
  }

  endLine(): void {
    const { pieces } = this;
    if (pieces.length === 0) return;
    this.pieces = [];
    this.count += 1;
    const text = pieces.map((piece) => piece.text).join('');
    const { marks } = this.around;
    const quoted = this.around.quoted || this.quotedFromHere || /^\s*>/.test(text);
    for (const { kind, from, to } of dividedAtDelimiters(text))
      this.lines.push({
        kind,
        text: text.slice(from, to),
        quoted,
        marks,
        pieces: within(pieces, from, to),
        number: this.count,
      });
  }

  private addLeaf({ node, ...around }: NonNullable<Step>): void {
    const location = node.sourceCodeLocation;
    if (location === null || location === undefined) return;
    if (this.pieces.length === 0) this.around = around;
    const text = 'value' in node ? node.value : BREAKS.has(node.nodeName) ? '' : PICTURE;
    const leaf = { node, from: location.startOffset, to: location.endOffset, text };
    if (around.isPre) this.addLines(leaf);
    else this.pieces.push({ leaf, from: 0, to: text.length, text });
  }

  private addLines(leaf: Leaf): void {
    for (const { 0: text, index } of leaf.text.matchAll(/\n|[^\n]+|^$/g)) {
      const isEnd = text === '\n';
      this.pieces.push({ leaf, from: index, to: index + text.length, text: isEnd ? '' : text });
      if (isEnd) this.endLine();
    }
  }

  private surroundings(element: Tree.Element | Tree.ChildNode, around: Surroundings): Surroundings {
    if (!('attrs' in element)) return around;
    const { attrs } = element;
    const value = (name: string): string => attrs.find((attribute) => attribute.name === name)?.value ?? '';
    const classes = value('class').split(/\s+/);
    this.quotedFromHere ||= QUOTE_BEGIN.test(value('id')) || QUOTE_BORDER.test(value('style'));
    const isCited =
      element.nodeName === 'blockquote' && (value('type') === 'cite' || /border-left/i.test(value('style')));
    const quoted = around.quoted || isCited || classes.some((name) => QUOTE_CLASS.test(name));
    const marks = classes.map((name) => name.replace(/^(?:x_)+/, '')).filter(isLineMark);
    const isPre = around.isPre || element.nodeName === 'pre';
    return { quoted, isPre, marks: INLINE.has(element.nodeName) ? around.marks : marks };
  }
}

/** The pieces that a stretch of a line is made of; what shows no text (a line break) stands at the line's end. */
function within(pieces: readonly Piece[], from: number, to: number): Piece[] {
  let at = 0;
  return pieces.flatMap((piece) => {
    const start = at;
    at += piece.text.length;
    if (piece.text === '') return to >= start ? [piece] : [];
    const [first, last] = [Math.max(from - start, 0), Math.min(to - start, piece.text.length)];
    if (first >= last) return [];
    const text = piece.text.slice(first, last);
    return [{ leaf: piece.leaf, from: piece.from + first, to: piece.from + last, text }];
  });
}
