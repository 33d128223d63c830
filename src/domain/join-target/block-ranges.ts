import { dividedAtDelimiters } from '../join-block/delimiter.ts';

export type Range = readonly [from: number, to: number];

/** Where our own join blocks stand in a text: from an opening delimiter to the closing one. */
export function blockRanges(text: string): Range[] {
  const ranges: Range[] = [];
  let from: number | null = null;
  let lineAt = 0;
  for (const line of text.split('\n')) {
    for (const stretch of dividedAtDelimiters(line)) {
      if (stretch.kind === 'opening') from = lineAt + stretch.from;
      if (stretch.kind !== 'closing' || from === null) continue;
      ranges.push([from, lineAt + stretch.from]);
      from = null;
    }
    lineAt += line.length + 1;
  }
  return ranges;
}

export function isWithin(ranges: readonly Range[], at: number): boolean {
  return ranges.some(([from, to]) => at >= from && at < to);
}
