import { GraphRefusal, invalid } from './graph-refusal.ts';

export interface DateTimeTimeZone {
  readonly dateTime: string;
  readonly timeZone: string;
}

// The zones of the simulated people; the real service knows all of Windows' names.
const WINDOWS_ZONES: Readonly<Record<string, string>> = {
  utc: 'UTC',
  'gmt standard time': 'Europe/London',
  'w. europe standard time': 'Europe/Berlin',
  'romance standard time': 'Europe/Paris',
  'central europe standard time': 'Europe/Budapest',
  'gtb standard time': 'Europe/Bucharest',
  'fle standard time': 'Europe/Helsinki',
  'turkey standard time': 'Europe/Istanbul',
  'israel standard time': 'Asia/Jerusalem',
  'egypt standard time': 'Africa/Cairo',
  'india standard time': 'Asia/Kolkata',
  'tokyo standard time': 'Asia/Tokyo',
  'eastern standard time': 'America/New_York',
  'pacific standard time': 'America/Los_Angeles',
};

const WALL_CLOCK = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/i;

/** The IANA name of a Windows or IANA zone name. Refuses with TimeZoneNotSupportedException. */
export function ianaZone(name: string): string {
  const zone = WINDOWS_ZONES[name.trim().toLowerCase()] ?? name.trim();
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
  const zoned = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(ianaZone(zoneName));
  return { dateTime: zoned.toPlainDateTime().toString({ fractionalSecondDigits: 7 }), timeZone: zoneName };
}

/** An instant as in `lastModifiedDateTime`: seven fraction digits and Z. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '0000Z');
}
