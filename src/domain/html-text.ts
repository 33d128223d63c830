import { type DefaultTreeAdapterTypes, parse } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;

const BLOCKS = new Set(['p', 'div', 'br', 'tr', 'li', 'table', 'h1', 'h2', 'h3', 'h4', 'hr']);
const SILENT = new Set(['script', 'style', 'head', 'title', 'template', 'noscript']);

export interface HtmlReading {
  /** Visible text; block elements end lines, other white space is folded. */
  readonly text: string;
  /** `href`s of links in document order. */
  readonly links: readonly string[];
}

/** Reads an HTML body as a person sees it: comments, styles and scripts are not text (reference: graph.md 5.3). */
export function readHtml(html: string): HtmlReading {
  const pieces: string[] = [];
  const links: string[] = [];
  // An explicit stack: hostile nesting must not overflow the call stack.
  const stack: (Node | string)[] = [parse(html)];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (typeof node === 'string') pieces.push(node);
    else visit(node, pieces, links, stack);
  }
  return { text: tidy(pieces.join('')), links };
}

/** A body as it is read, of whichever kind; plain text has no links of its own. */
export function readBody(type: 'html' | 'text', content: string): HtmlReading {
  return type === 'html' ? readHtml(content) : { text: content, links: [] };
}

function visit(node: Node, pieces: string[], links: string[], stack: (Node | string)[]): void {
  if (node.nodeName === '#text' && 'value' in node) pieces.push(node.value.replace(/\s+/g, ' '));
  if (SILENT.has(node.nodeName) || !('childNodes' in node)) return;
  if ('attrs' in node && node.nodeName === 'a') {
    const href = node.attrs.find((attribute) => attribute.name === 'href')?.value;
    if (href !== undefined) links.push(href.trim());
  }
  if (BLOCKS.has(node.nodeName)) stack.push('\n');
  for (const child of node.childNodes.toReversed()) stack.push(child);
}

function tidy(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/ +/g, ' ').trim());
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
