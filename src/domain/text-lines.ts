const SPACE = /\s+/g;
/** Shown as nothing: soft hyphens, zero-width blanks and joiners, marks of the writing direction. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** A plain text as it is read: line ends of one kind, and nothing that is not seen. */
export function visibleText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(INVISIBLE, '');
}

/**
 * Text as it is put together for reading: white space is folded to one blank, lines have none at their ends, and at most one empty
 * line stands between two. Positions are final as soon as they are given.
 */
export class TextLines {
  readonly #pieces: string[] = [];
  #length = 0;
  #blank = false;
  /** Line ends that the next word brings with it. */
  #breaks = 0;

  /** How long the text is; what is added next begins here or a little later. */
  get length(): number {
    return this.#length;
  }

  add(chars: string): void {
    const folded = chars.replace(INVISIBLE, '').replace(SPACE, ' ');
    const word = folded.startsWith(' ') ? folded.slice(1) : folded;
    if (folded !== word) this.#blank = true;
    if (word === '') return;
    this.#separate();
    const ends = word.endsWith(' ');
    this.#push(ends ? word.slice(0, -1) : word);
    this.#blank = ends;
  }

  /** Whatever follows begins on a new line. */
  endLine(): void {
    if (this.#breaks === 0) this.#breaks = 1;
  }

  breakLine(): void {
    if (this.#breaks < 2) this.#breaks += 1;
  }

  toString(): string {
    return this.#pieces.join('');
  }

  #separate(): void {
    if (this.#length > 0 && this.#breaks > 0) this.#push('\n'.repeat(this.#breaks));
    else if (this.#length > 0 && this.#blank) this.#push(' ');
    this.#breaks = 0;
    this.#blank = false;
  }

  #push(piece: string): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
  }
}
