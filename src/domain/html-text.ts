import { type Token, type TokenHandler, Tokenizer, TokenizerMode } from 'parse5';
import { TextLines, visibleText } from './text-lines.ts';

const LINE_BLOCKS = new Set(
  'address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul'.split(
    ' ',
  ),
);
const CELLS = new Set(['td', 'th']);
/** Elements whose content is no mark-up: the tokenizer reads on to their end tag. */
const RAW: Readonly<Record<string, TokenizerState>> = {
  script: TokenizerMode.SCRIPT_DATA,
  style: TokenizerMode.RAWTEXT,
  xmp: TokenizerMode.RAWTEXT,
  iframe: TokenizerMode.RAWTEXT,
  noembed: TokenizerMode.RAWTEXT,
  noframes: TokenizerMode.RAWTEXT,
  title: TokenizerMode.RCDATA,
  textarea: TokenizerMode.RCDATA,
};
const SILENT = new Set(['script', 'style', 'title', 'template', 'noscript', 'iframe', 'noembed', 'noframes']);

type TokenizerState = Tokenizer['state'];

export interface HtmlLink {
  readonly href: string;
  /** Where the link's own text begins and ends: indexes into the text. */
  readonly at: number;
  readonly end: number;
}

export interface HtmlReading {
  /** Visible text; block elements end lines, other white space is folded. */
  readonly text: string;
  /** Links in document order. */
  readonly links: readonly HtmlLink[];
}

/**
 * Reads an HTML body as a person sees it: comments, styles and scripts are not text (reference: graph.md 5.3). Only the
 * standard's tokenizer runs: its tree construction may copy thousands of open elements into every paragraph, so that its time is
 * not linear, and text and links need no tree.
 */
export function readHtml(html: string): HtmlReading {
  const reader = new HtmlReader();
  const tokenizer = new Tokenizer({ sourceCodeLocationInfo: false }, reader);
  reader.enter = (state) => {
    tokenizer.state = state;
  };
  tokenizer.write(html, true);
  return { text: reader.lines.toString(), links: reader.links };
}

/** A body as it is read, of whichever kind; plain text has no links of its own. */
export function readBody(type: 'html' | 'text', content: string): HtmlReading {
  return type === 'html' ? readHtml(content) : { text: visibleText(content), links: [] };
}

class HtmlReader implements TokenHandler {
  readonly lines = new TextLines();
  readonly links: HtmlLink[] = [];
  #link: { readonly href: string; readonly at: number } | null = null;
  enter: (state: TokenizerState) => void = () => undefined;
  /** The silent element that is open, and how often its own kind is open inside it. */
  #silent = '';
  #depth = 0;

  onStartTag(tag: Token.TagToken): void {
    const { tagName } = tag;
    if (this.#silent === tagName) this.#depth += 1;
    else if (this.#silent === '' && SILENT.has(tagName)) [this.#silent, this.#depth] = [tagName, 1];
    const raw = RAW[tagName];
    if (raw !== undefined) this.enter(raw);
    if (this.#silent === '') this.#open(tag);
  }

  onEndTag({ tagName }: Token.TagToken): void {
    if (this.#silent === tagName) {
      this.#depth -= 1;
      if (this.#depth === 0) this.#silent = '';
    } else if (this.#silent === '') {
      if (tagName === 'a') this.#closeLink();
      if (LINE_BLOCKS.has(tagName)) this.lines.endLine();
    }
  }

  onCharacter(token: Token.CharacterToken): void {
    if (this.#silent === '') this.lines.add(token.chars);
  }

  onWhitespaceCharacter(token: Token.CharacterToken): void {
    this.onCharacter(token);
  }

  onComment(): void {}
  onDoctype(): void {}
  onEof(): void {
    this.#closeLink();
  }

  onNullCharacter(): void {}

  #open(tag: Token.TagToken): void {
    if (tag.tagName === 'br') this.lines.breakLine();
    else if (LINE_BLOCKS.has(tag.tagName)) this.lines.endLine();
    else if (CELLS.has(tag.tagName)) this.lines.add(' ');
    if (tag.tagName !== 'a' && tag.tagName !== 'area') return;
    const href = tag.attrs.find(({ name }) => name === 'href')?.value.trim();
    this.#closeLink();
    if (href !== undefined && href !== '') this.#link = { href, at: this.lines.length };
  }

  // A link inside another ends it, as in a browser.
  #closeLink(): void {
    if (this.#link !== null) this.links.push({ ...this.#link, end: this.lines.length });
    this.#link = null;
  }
}
