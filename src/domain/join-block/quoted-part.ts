/** Lines that tell who wrote a quoted message, to whom and when, in any language. */
const HEADER = /^[^:：]{1,40}[:：]\s*\S/;
const HEADERS_AT_LEAST = 3;
const LOOKED_AT = 5;

/**
 * Where a quoted message begins: at a line like `-----Original Appointment-----` with the lines of its head below it. A user's own
 * `---- Agenda ----` has none. The number of lines when nothing is quoted.
 */
export function quoteBegin(lines: readonly { readonly text: string }[]): number {
  const found = lines.findIndex(({ text }, index) => isSeparator(text) && hasHead(lines, index + 1));
  return found < 0 ? lines.length : found;
}

function isSeparator(text: string): boolean {
  return /^\s*-{4,}[^-]+-{4,}\s*$/.test(text);
}

function hasHead(lines: readonly { readonly text: string }[], from: number): boolean {
  const below = lines.slice(from, from + 2 * LOOKED_AT).filter(({ text }) => text.trim() !== '');
  return below.slice(0, LOOKED_AT).filter(({ text }) => HEADER.test(text.trim())).length >= HEADERS_AT_LEAST;
}
