import type { Place } from '../domain/place.ts';

const LENGTH_BYTES = 4;

/** Every part with its length before it, so that no two places ever give the same bytes. */
export function lengthPrefixed(parts: readonly (string | Uint8Array)[]): Uint8Array {
  const total = parts.reduce((sum, part) => sum + LENGTH_BYTES + Buffer.byteLength(part), 0);
  const bytes = Buffer.allocUnsafe(total);
  let at = 0;
  for (const part of parts) {
    const begin = at + LENGTH_BYTES;
    const length = typeof part === 'string' ? bytes.write(part, begin) : part.length;
    if (typeof part !== 'string') bytes.set(part, begin);
    bytes.writeUInt32BE(length, at);
    at = begin + length;
  }
  return bytes;
}

/** The additional data that binds an envelope to its format, key and place. */
export function placeBytes(format: number, keyUri: string, place: Place): Uint8Array {
  const { purpose, tenant, mailbox, event, version } = place;
  return lengthPrefixed([Uint8Array.of(format), keyUri, purpose, tenant, mailbox, event, String(version)]);
}
