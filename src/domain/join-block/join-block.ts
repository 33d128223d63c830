import { type BlockLines, findBlocks } from './found-blocks.ts';
import { htmlBlock } from './html-block.ts';
import { replacedInHtml } from './html-body.ts';
import { readHtmlLines } from './html-lines.ts';
import type { JoinBlock } from './join-details.ts';
import type { BodyLine } from './own-lines.ts';
import { plainKey } from './plain-key.ts';
import { textBlock } from './text-block.ts';
import { replacedInText } from './text-body.ts';
import { textLines } from './text-lines.ts';

/** An event's body as Graph gives it and takes it. */
export interface Body {
  readonly contentType: 'html' | 'text';
  readonly content: string;
}

export interface FoundJoinBlock {
  /** Its lines without the delimiters. What a user wrote in between is not among them. */
  readonly text: string;
  /** Blocks in the body; more than one where somebody pasted it again. */
  readonly count: number;
  /** Whether both delimiters of the first one stand. */
  readonly whole: boolean;
}

/**
 * The one owned block of an invitation (reference: graph.md 5.3). It is known by its visible delimiter lines, whatever clients and
 * filters did to the mark-up around them; everything else in the body stays as it is, byte for byte. What people do to it:
 *
 * - Words between the delimiters, on lines of their own, are theirs: they stay behind when the block is replaced or taken out.
 *   What was added to one of our lines goes with the line, and so does a single word behind a label that lost its value.
 * - One delimiter deleted: the block goes as far as the lines beside the other one are ours. Both deleted: there is no block, and
 *   what is left of it is the user's text.
 * - Pasted again: all of them are ours; the first one's place counts, the others go.
 * - In a quoted message (a reply or forward of another invitation): it is the user's text and stays.
 *
 * `ownTexts` are the headers and footers in use (`ownTexts` of the settings); those of the past are known as long as nobody
 * stripped the classes of the mark-up.
 */
export function findJoinBlock(body: Body, ownTexts: readonly string[] = []): FoundJoinBlock | null {
  const lines = linesOf(body);
  const found = findBlocks(lines, ownTexts);
  const [first] = found;
  return first === undefined
    ? null
    : { text: wordsOf(first, lines).join('\n'), count: found.length, whole: first.whole };
}

/** The body with this block and no other: in the place of the one that stood there, else above what the user wrote. Null when it is so already. */
export function withJoinBlock(body: Body, block: JoinBlock, ownTexts: readonly string[] = []): Body | null {
  const own = [...ownTexts, block.header ?? '', block.footer ?? ''];
  if (isThere(body, block, own)) return null;
  return { ...body, content: replaced(body, block, own) };
}

/** The body as it would be if we had never written to it; null when there is no block in it. */
export function withoutJoinBlock(body: Body, ownTexts: readonly string[] = []): Body | null {
  if (findJoinBlock(body, ownTexts) === null) return null;
  return { ...body, content: replaced(body, null, ownTexts) };
}

function replaced({ contentType, content }: Body, block: JoinBlock | null, own: readonly string[]): string {
  return contentType === 'html' ? replacedInHtml(content, block, own) : replacedInText(content, block, own);
}

// What is seen decides. A filter may rewrite addresses behind links for ever: to write again would mail the attendees each time.
function isThere(body: Body, block: JoinBlock, own: readonly string[]): boolean {
  const found = findJoinBlock(body, own);
  if (found === null || found.count > 1 || !found.whole) return false;
  const content = body.contentType === 'html' ? htmlBlock(block) : textBlock(block, '\n');
  const wanted = findJoinBlock({ contentType: body.contentType, content }, own);
  return wanted !== null && essence(found.text) === essence(wanted.text);
}

/** Cells that became paragraphs, a text that became a page: white space and punctuation tell nothing, nor does `address<address>`. */
function essence(text: string): string {
  return plainKey(text)
    .replace(/<[a-z]+:[^\s>]*>/g, '')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

function linesOf({ contentType, content }: Body): readonly BodyLine[] {
  return contentType === 'html' ? readHtmlLines(content).lines : textLines(content);
}

function wordsOf(block: BlockLines, lines: readonly BodyLine[]): string[] {
  return block.ours.flatMap((n) => {
    const line = lines[n];
    return line === undefined || line.kind !== 'words' || line.text.trim() === '' ? [] : [line.text.trim()];
  });
}
