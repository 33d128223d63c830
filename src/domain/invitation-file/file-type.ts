/** What a file with an invitation is, by the end of its name. */
export const FILE_TYPES = ['html', 'txt', 'eml', 'ics', 'json'] as const;
export type FileType = (typeof FILE_TYPES)[number];

/** Null for a name with another end. */
export function fileTypeOf(name: string): FileType | null {
  const end = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (end === 'htm') return 'html';
  return FILE_TYPES.find((type) => type === end) ?? null;
}
