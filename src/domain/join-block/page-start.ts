import type { DefaultTreeAdapterTypes as Tree } from 'parse5';

/**
 * Where a block goes above everything: just behind the body's start tag and the white space there. Where no tag stands, in front
 * of the first thing of the body; where there is none either, behind the head.
 */
export function bodyStart(document: Tree.Document, html: string): number {
  const root = childNamed(document, 'html');
  const body = childNamed(root, 'body');
  const location = body?.sourceCodeLocation;
  if (location && 'startTag' in location && location.startTag)
    return behindBlanks(html, location.startTag.endOffset);
  const starts = body?.childNodes.flatMap((node) => node.sourceCodeLocation?.startOffset ?? []) ?? [];
  if (starts.length > 0)
    return atReference(
      html,
      starts.reduce((first, start) => Math.min(first, start)),
    );
  const head = childNamed(root, 'head')?.sourceCodeLocation;
  return head && 'endTag' in head && head.endTag ? head.endTag.endOffset : 0;
}

function childNamed(parent: Tree.ParentNode | undefined, name: string): Tree.Element | undefined {
  for (const node of parent?.childNodes ?? []) if (node.nodeName === name && 'tagName' in node) return node;
  return undefined;
}

function behindBlanks(html: string, offset: number): number {
  return offset + (/^[ \t\r\n\f]*/.exec(html.slice(offset))?.[0].length ?? 0);
}

// The parser tells the end of a character reference as the start of a text that begins with one behind white space.
function atReference(html: string, offset: number): number {
  return offset - (/&#?[\da-z]*$/i.exec(html.slice(Math.max(0, offset - 40), offset))?.[0].length ?? 0);
}
