import { parse, serialize, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import type { Misbehaviour } from './misbehaviour.ts';

type Rewriting = Extract<Misbehaviour, { kind: 'rewrite-html' }>;

const FOLD_AFTER = 30;
const VERBATIM = new Set(['style', 'script', 'pre', 'title', 'textarea']);

/** A body as another client or a filter gives it back: the same to the eye (reference: graph.md 5.3). */
export function rewrittenHtml(html: string, how: Rewriting): string {
  const document = parse(html.replaceAll('\r\n', '\n'));
  walk(document, how);
  return serialize(document).replaceAll(/\r?\n/g, '\r\n');
}

function walk(node: Tree.ParentNode, how: Rewriting): void {
  for (const child of node.childNodes) {
    if (child.nodeName === '#text' && 'value' in child) {
      if (how.foldLines && !VERBATIM.has(node.nodeName)) child.value = folded(child.value);
      if (how.prefixNames && node.nodeName === 'style') child.value = prefixedRules(child.value);
    }
    if ('attrs' in child) child.attrs = child.attrs.flatMap((attribute) => rewritten(attribute, how));
    if ('childNodes' in child) walk(child, how);
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

// As recorded: a line break before the space that it takes the place of.
function folded(text: string): string {
  let column = 0;
  return text.replaceAll(/[^ \n]+|\n| /g, (part) => {
    if (part === '\n') column = 0;
    else column += part.length;
    if (part !== ' ' || column < FOLD_AFTER) return part;
    column = 0;
    return '\n ';
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
