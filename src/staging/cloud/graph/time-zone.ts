import { GraphRefusal, invalid } from './graph-refusal.ts';
import { WINDOWS_ZONES } from './windows-zones.ts';

export interface DateTimeTimeZone {
  readonly dateTime: string;
  readonly timeZone: string;
}

const WALL_CLOCK = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/i;

// Names that were judged good before: judging is slow.
const judged = new Map<string, string>();

/** The IANA name of a Windows or IANA zone name. Refuses with TimeZoneNotSupportedException. */
export function ianaZone(name: string): string {
  const known = judged.get(name);
  if (known !== undefined) return known;
  const zone = judgeZone(name);
  judged.set(name, zone);
  return zone;
}

function judgeZone(name: string): string {
  const zone = WINDOWS_ZONES.get(name.trim().toLowerCase()) ?? name.trim();
  try {
    // Plain offsets such as +01:00 are zones to Temporal but not to Exchange.
    if (!/^[a-z]/i.test(zone)) throw new RangeError(zone);
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId;
  } catch {
    const message = `A valid TimeZone value must be specified. The following TimeZone value is not supported: '${name}'.`;
    throw new GraphRefusal(400, 'TimeZoneNotSupportedException', message);
  }
}

/** Epoch milliseconds of a wall clock in its zone; a given offset wins over the zone. */
export function instantOf({ dateTime, timeZone }: DateTimeTimeZone): number {
  const zone = ianaZone(timeZone);
  const [, wall, offset] = WALL_CLOCK.exec(dateTime.trim()) ?? [];
  try {
    if (wall === undefined) throw new RangeError(dateTime);
    if (offset !== undefined) return Temporal.Instant.from(`${wall}${offset}`).epochMilliseconds;
    return Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).epochMilliseconds;
  } catch {
    throw invalid('ErrorInvalidParameter', "The value of 'dateTime' cannot be read as a date and a time.");
  }
}

/** The wall clock as it was given, without offset and zone: all-day events float. Null when it isn't midnight. */
export function floatingMidnight({ dateTime }: DateTimeTimeZone): number | null {
  const wall = WALL_CLOCK.exec(dateTime.trim())?.[1];
  if (wall === undefined || !/T00:00(:00)?$/.test(wall)) return null;
  return instantOf({ dateTime: wall, timeZone: 'UTC' });
}

/** Seven fraction digits and no offset, as Graph writes them. `zoneName` is echoed as it was asked for. */
export function wallClock(epochMs: number, zoneName = 'UTC'): DateTimeTimeZone {
  if (ianaZone(zoneName) === 'UTC') return { dateTime: timestamp(epochMs).slice(0, -1), timeZone: zoneName };
  const zoned = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(ianaZone(zoneName));
  return { dateTime: zoned.toPlainDateTime().toString({ fractionalSecondDigits: 7 }), timeZone: zoneName };
}

/** An instant as in `lastModifiedDateTime`: seven fraction digits and Z. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '0000Z');
}
