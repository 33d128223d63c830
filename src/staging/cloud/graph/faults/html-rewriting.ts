import { parse, serialize, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import type { Misbehaviour } from './misbehaviour.ts';

type Rewriting = Extract<Misbehaviour, { kind: 'rewrite-html' }>;

const FOLD_AFTER = 60;
const VERBATIM = new Set(['style', 'script', 'pre', 'title', 'textarea']);

/** A body as another client or a filter gives it back: the same to the eye (reference: graph.md 5.3). */
export function rewrittenHtml(html: string, how: Rewriting): string {
  const document = parse(html.replaceAll('\r\n', '\n'));
  walk(document, how, { column: 0 });
  return serialize(document).replaceAll(/\r?\n/g, '\r\n');
}

/** How far the line of the source that is being written has come. */
interface Line {
  column: number;
}

function walk(node: Tree.ParentNode, how: Rewriting, line: Line): void {
  for (const child of node.childNodes) {
    if (child.nodeName === '#text' && 'value' in child) {
      if (how.foldLines && !VERBATIM.has(node.nodeName)) child.value = folded(child.value, line);
      if (how.prefixNames && node.nodeName === 'style') child.value = prefixedRules(child.value);
    }
    if ('attrs' in child) {
      child.attrs = child.attrs.flatMap((attribute) => rewritten(attribute, how));
      line.column += child.attrs.reduce((length, { value }) => length + value.length, child.nodeName.length);
    }
    if ('childNodes' in child) walk(child, how, line);
  }
}

type Attribute = Tree.Element['attrs'][number];

function rewritten(attribute: Attribute, how: Rewriting): Attribute[] {
  const { name, value } = attribute;
  if (name === 'class' && how.stripClasses) return [];
  if (name === 'class' && how.prefixNames) return [{ name, value: value.replaceAll(/[^\s]+/g, prefixed) }];
  if (name === 'id' && how.prefixNames) return [{ name, value: prefixed(value) }];
  if (name === 'href' && value.startsWith('#') && how.prefixNames)
    return [{ name, value: `#${prefixed(value.slice(1))}` }];
  if (name === 'href' && how.wrapLinks) return [{ name, value: safeLink(value) }];
  if (name === 'style' && how.reorderStyles) return [{ name, value: reordered(value) }];
  return [attribute];
}

function prefixed(name: string): string {
  return `x_${name}`;
}

function prefixedRules(css: string): string {
  return css.replaceAll(/([^{}]*)\{/g, (_rule, selector: string) => {
    return `${selector.startsWith('@') ? selector : selector.replaceAll(/([.#])([a-z_])/gi, '$1x_$2')}{`;
  });
}

// As recorded: long lines of the source break before a space, in the middle of a sentence or of a link's text.
function folded(text: string, line: Line): string {
  return text.replaceAll(/[^ \n]+|[ \n]/g, (part) => {
    const breaks = part === ' ' && line.column >= FOLD_AFTER;
    line.column = breaks || part === '\n' ? 0 : line.column + part.length;
    return breaks ? '\n ' : part;
  });
}

function safeLink(url: string): string {
  if (!/^https?:/i.test(url) || /safelinks\.protection\.outlook\.com/i.test(url)) return url;
  const data = 'data=05%7C02%7C%7C0&sdata=c2ltdWxhdGVk&reserved=0';
  return `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(url)}&${data}`;
}

function reordered(style: string): string {
  const declarations = style
    .split(/;(?![^(]*\))/)
    .map((one) => one.trim().replace(/\s*:\s*/, ':'))
    .filter((one) => one !== '');
  return declarations.toSorted().map(withRgb).join('; ');
}

function withRgb(declaration: string): string {
  return declaration.replace(/#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})\b/i, (_hex, ...parts) => {
    const [red, green, blue] = parts.slice(0, 3).map((part) => Number.parseInt(String(part), 16));
    return `rgb(${red},${green},${blue})`;
  });
}
