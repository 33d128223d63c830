/**
 * The lines that a join block begins and ends with. They are visible, the same in every language and different from one
 * another: what is seen survives every client and filter, ids and classes do not (reference: graph.md 5.3).
 */
const ROW = '─'.repeat(16);
export const OPENING = `┌${ROW} Webex ${ROW}┐`;
export const CLOSING = `└${ROW} Webex ${ROW}┘`;

// Rows of another length or character, full-width letters, white space and invisible characters in between: still the line.
const GAP = String.raw`[\s\p{Cf}]*`;
const ROWS = `${GAP}(?:[─━═—–_-]${GAP})+`;
const NAME = '(?:webex|ｗｅｂｅｘ)';
const DELIMITER = new RegExp(`([┌┏╔╭])${ROWS}${NAME}${ROWS}[┐┓╗╮]|[└┗╚╰]${ROWS}${NAME}${ROWS}[┘┛╝╯]`, 'giu');

export type LineKind = 'opening' | 'closing' | 'words';

export interface Stretch {
  readonly kind: LineKind;
  readonly from: number;
  readonly to: number;
}

/** Divides a line at the delimiters in it: somebody may have typed right before or behind one. Blanks go with the delimiter. */
export function dividedAtDelimiters(line: string): Stretch[] {
  const stretches: Stretch[] = [];
  let at = 0;
  const words = (to: number): void => {
    if (line.slice(at, to).trim() === '') return;
    stretches.push({ kind: 'words', from: at, to });
    at = to;
  };
  for (const match of line.matchAll(DELIMITER)) {
    words(match.index);
    const to = match.index + match[0].length;
    stretches.push({ kind: match[1] === undefined ? 'closing' : 'opening', from: at, to });
    at = to;
  }
  words(line.length);
  const last = stretches.pop() ?? { kind: 'words', from: 0 };
  return [...stretches, { ...last, to: line.length }];
}

/** Whether a text could be taken for the border of a block. */
export function holdsDelimiter(text: string): boolean {
  return text.split('\n').some((line) => dividedAtDelimiters(line).some(({ kind }) => kind !== 'words'));
}
