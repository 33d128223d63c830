/** One serialisation for equal values: members sorted by name at every depth, UTF-8. The caller wipes the bytes. */
export function canonicalJson(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value, sorted), 'utf8');
}

function sorted(_name: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
