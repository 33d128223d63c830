export type Range = readonly [from: number, to: number];

/** A delimiter line of our join block: a row of one character, with or without corners and a name. */
const DELIMITER = /^[ \t]*[┌└]?─{12,}(?: Webex ─{12,})?[┐┘]?[ \t]*$/gmu;

/** Where our own join blocks stand in a text: from one delimiter line to the next. */
export function blockRanges(text: string): Range[] {
  const ranges: Range[] = [];
  let from: number | null = null;
  for (const { index, 0: line } of text.matchAll(DELIMITER)) {
    const closes: boolean = from !== null && !line.includes('┌');
    if (closes && from !== null) ranges.push([from, index]);
    from = closes ? null : index;
  }
  return ranges;
}

export function isWithin(ranges: readonly Range[], at: number): boolean {
  return ranges.some(([from, to]) => at >= from && at < to);
}
