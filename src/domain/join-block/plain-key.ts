/**
 * A line as it is compared: widths, case, kinds of white space and invisible characters (soft hyphens, joiners, direction marks)
 * make no difference.
 */
export function plainKey(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

const PREFIX = 'join-line-';
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * A class that says "this very line is ours": of any use only as long as the line is as we wrote it. It keeps a line that no
 * wording knows any more (an old header, say) from being taken for the user's. FNV-1a: nothing is hidden by it.
 */
export function lineMark(text: string): string {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(plainKey(text))) hash = Math.imul(hash ^ byte, FNV_PRIME) >>> 0;
  return PREFIX + hash.toString(36);
}

export function isLineMark(name: string): boolean {
  return name.startsWith(PREFIX);
}
