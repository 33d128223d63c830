/** What our extended property says of an event (reference: graph.md 5.4). Whoever may read the calendar may read it. */
export interface Mark {
  /** Random id of the arrangement. */
  readonly id: string;
  /** The keyword as it was typed, so that it can be put back. */
  readonly typed: string;
}

const FORMAT = 'v1';
/** Value of the property of an event in which nothing of ours is left. */
export const NO_MARK = '';

export function markText({ id, typed }: Mark): string {
  return [FORMAT, id, Buffer.from(typed, 'utf8').toString('base64url')].join(';');
}

/** Null when there is none, or none that this version could have written. */
export function readMark(text: string | null): Mark | null {
  const [format, id, typed, ...more] = (text ?? NO_MARK).split(';');
  if (format !== FORMAT || !id || typed === undefined || more.length > 0) return null;
  return { id, typed: Buffer.from(typed, 'base64url').toString('utf8') };
}
