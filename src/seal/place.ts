import type { Place } from '../domain/place.ts';

/** Every part with its length before it, so that no two places ever give the same bytes. */
export function lengthPrefixed(parts: readonly (string | Uint8Array)[]): Uint8Array {
  const pieces = parts.flatMap((part) => {
    const bytes = Buffer.from(part as string);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  return Buffer.concat(pieces);
}

/** The additional data that binds an envelope to its format, key and place. */
export function placeBytes(format: number, keyUri: string, place: Place): Uint8Array {
  const { purpose, tenant, mailbox, event, version } = place;
  return lengthPrefixed([Uint8Array.of(format), keyUri, purpose, tenant, mailbox, event, String(version)]);
}
