/** A stretch of the source to leave out. */
export interface Cut {
  readonly from: number;
  readonly to: number;
}

/** A text to put in, in front of what stands at the offset. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** The source without the cuts, which may overlap, and with the insertion; every other character stays as it is. */
export function spliced(source: string, cuts: readonly Cut[], insertion: Insertion | null): string {
  const pieces: string[] = [];
  let at = 0;
  let waiting = insertion;
  for (const { from, to } of cuts.toSorted((a, b) => a.from - b.from)) {
    if (waiting !== null && waiting.at <= from) {
      pieces.push(source.slice(at, waiting.at), waiting.text);
      at = Math.max(at, waiting.at);
      waiting = null;
    }
    pieces.push(source.slice(at, from));
    at = Math.max(at, to);
  }
  if (waiting === null) return pieces.join('') + source.slice(at);
  const end = Math.max(at, waiting.at);
  return pieces.join('') + source.slice(at, end) + waiting.text + source.slice(end);
}
