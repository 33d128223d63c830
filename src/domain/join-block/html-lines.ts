import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { dividedAtDelimiters } from './delimiter.ts';
import type { BodyLine } from './own-lines.ts';
import { beginsQuote } from './text-lines.ts';

/** What can be seen of a page without children: a text, a line break, a picture. */
export interface Leaf {
  readonly node: Tree.ChildNode;
  /** Where it stands in the source. */
  readonly from: number;
  readonly to: number;
  /** What it shows; a picture and the like show one character that is no letter. */
  readonly text: string;
}

/** A stretch of a leaf's text. */
export interface Piece {
  readonly leaf: Leaf;
  readonly from: number;
  readonly to: number;
}

export interface HtmlLine extends BodyLine {
  readonly pieces: readonly Piece[];
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
const QUOTE_BEGIN = /^(?:x_)*(?:divRplyFwdMsg|appendonsend)$/;

interface Surroundings {
  readonly quoted: boolean;
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
  const outside = { quoted: false, marks: [] };
  // An explicit stack: hostile nesting must not overflow the call stack.
  const stack: Step[] = document.childNodes.map((node) => ({ node, ...outside })).reverse();
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    if (step === null) reader.endLine();
    else stack.push(...reader.visit(step).reverse());
  }
  reader.endLine();
  return { document, lines: reader.lines };
}

class LineReader {
  readonly lines: HtmlLine[] = [];
  private pieces: Piece[] = [];
  private around: Surroundings = { quoted: false, marks: [] };
  private quotedFromHere = false;

  /** What is to be visited next, in its order. */
  visit(step: NonNullable<Step>): Step[] {
    const { node } = step;
    if (node.nodeName === 'hr') this.endLine();
    if (node.nodeName === '#text' || BREAKS.has(node.nodeName) || SEEN_VOID.has(node.nodeName))
      this.addLeaf(step);
    if (BREAKS.has(node.nodeName)) this.endLine();
    if (!('childNodes' in node) || SILENT.has(node.nodeName) || SEEN_VOID.has(node.nodeName)) return [];
    const inside = this.surroundings(node, step);
    const children = node.childNodes.map((child) => ({ node: child, ...inside }));
    if (INLINE.has(node.nodeName)) return children;
    this.endLine();
    return [...children, null];
  }

  endLine(): void {
    const { pieces } = this;
    if (pieces.length === 0) return;
    this.pieces = [];
    const text = pieces.map(({ leaf }) => leaf.text).join('');
    this.quotedFromHere ||= beginsQuote(text);
    const { marks } = this.around;
    const quoted = this.around.quoted || this.quotedFromHere || /^\s*>/.test(text);
    for (const { kind, from, to } of dividedAtDelimiters(text))
      this.lines.push({ kind, text: text.slice(from, to), quoted, marks, pieces: within(pieces, from, to) });
  }

  private addLeaf({ node, ...around }: NonNullable<Step>): void {
    const location = node.sourceCodeLocation;
    if (location === null || location === undefined) return;
    if (this.pieces.length === 0) this.around = around;
    const text = 'value' in node ? node.value : BREAKS.has(node.nodeName) ? '' : PICTURE;
    const leaf = { node, from: location.startOffset, to: location.endOffset, text };
    this.pieces.push({ leaf, from: 0, to: text.length });
  }

  private surroundings(element: Tree.Element | Tree.ChildNode, around: Surroundings): Surroundings {
    if (!('attrs' in element)) return around;
    const { attrs } = element;
    const value = (name: string): string => attrs.find((attribute) => attribute.name === name)?.value ?? '';
    const classes = value('class')
      .split(/\s+/)
      .filter((name) => name !== '');
    this.quotedFromHere ||= QUOTE_BEGIN.test(value('id'));
    const isCited =
      element.nodeName === 'blockquote' && (value('type') === 'cite' || /border-left/i.test(value('style')));
    const quoted = around.quoted || isCited || classes.some((name) => QUOTE_CLASS.test(name));
    const own = classes.map((name) => name.replace(/^(?:x_)+/, ''));
    return { quoted, marks: INLINE.has(element.nodeName) ? [...around.marks, ...own] : own };
  }
}

/** The pieces that a stretch of a line is made of; what shows no text (a line break) stands at the line's end. */
function within(pieces: readonly Piece[], from: number, to: number): Piece[] {
  let at = 0;
  return pieces.flatMap(({ leaf }) => {
    const start = at;
    at += leaf.text.length;
    const piece = { leaf, from: Math.max(from - start, 0), to: Math.min(to - start, leaf.text.length) };
    const belongs = leaf.text === '' ? to >= start : piece.from < piece.to;
    return belongs ? [piece] : [];
  });
}
