import { dividedAtDelimiters } from './delimiter.ts';
import type { BodyLine } from './own-lines.ts';

/** A line of a plain text, or a stretch of one, and where it stands. */
export interface TextLine extends BodyLine {
  readonly from: number;
  readonly to: number;
  /** Where the line that it belongs to begins, and where the next one does. */
  readonly lineFrom: number;
  readonly lineTo: number;
}

export function textLines(text: string): TextLine[] {
  return [...text.matchAll(/([^\r\n]*)(?:\r\n|\r|\n|$)/g)].flatMap(({ 0: whole, 1: line = '', index }) => {
    const quoted = /^\s*>/.test(line);
    const place = { lineFrom: index, lineTo: index + whole.length };
    return dividedAtDelimiters(line).map(({ kind, from, to }): TextLine => {
      return {
        kind,
        text: line.slice(from, to),
        quoted,
        marks: [],
        from: index + from,
        to: index + to,
        ...place,
      };
    });
  });
}
