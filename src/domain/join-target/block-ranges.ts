import { dividedAtDelimiters } from '../join-block/delimiter.ts';

export type Range = readonly [from: number, to: number];

/** The delimiter of the first versions: the same row above and below. */
const PLAIN_ROW = /^[ \t]*─{12,}[ \t]*$/u;

/** Where our own join blocks stand in a text: from an opening line to the next closing one. */
export function blockRanges(text: string): Range[] {
  const ranges: Range[] = [];
  let from: number | null = null;
  for (const { kind, at } of delimitersIn(text)) {
    if (from !== null && kind !== 'opening') ranges.push([from, at]);
    from = kind === 'closing' || (kind === 'row' && from !== null) ? null : at;
  }
  return ranges;
}

interface Delimiter {
  readonly kind: 'opening' | 'closing' | 'row';
  readonly at: number;
}

function* delimitersIn(text: string): Generator<Delimiter> {
  // Few invitations hold one, and every line would be looked at.
  if (!/[─━═—–_-]/u.test(text)) return;
  let start = 0;
  for (const line of text.split('\n')) {
    if (PLAIN_ROW.test(line)) yield { kind: 'row', at: start };
    else
      for (const { kind, from } of dividedAtDelimiters(line))
        if (kind !== 'words') yield { kind, at: start + from };
    start += line.length + 1;
  }
}

export function isWithin(ranges: readonly Range[], at: number): boolean {
  return ranges.some(([from, to]) => at >= from && at < to);
}
