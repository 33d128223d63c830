/** All names that Graph writes for UTC (reference: graph.md 1.4). */
const UTC = /^(?:utc|z|gmt|etc\/(?:utc|gmt)|tzone:\/\/microsoft\/utc)$/i;
const SHAPE = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?)(Z|[+-]\d{2}:\d{2})?$/i;

/**
 * Epoch milliseconds of a dateTimeTimeZone. Graph writes no offset, which `Date` would read as local time: the zone beside it
 * counts. Null when the text is no time or the zone is neither UTC nor an IANA name.
 */
export function instantOf(dateTime: string, timeZone: string): number | null {
  const [, wall, offset] = SHAPE.exec(dateTime.trim()) ?? [];
  if (wall === undefined) return null;
  try {
    if (offset !== undefined) return Temporal.Instant.from(`${wall}${offset}`).epochMilliseconds;
    const zone = UTC.test(timeZone.trim()) ? 'UTC' : timeZone.trim();
    return Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).epochMilliseconds;
  } catch {
    return null;
  }
}

/** The wall-clock form in UTC that `$filter` compares with, e.g. `2026-11-23T09:00:00.000`. */
export function utcWall(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '');
}
