/** An RFC 3339 instant in UTC for a person, e.g. `2026-11-23 09:30 UTC`. */
export function minute(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}
