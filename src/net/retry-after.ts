const SECONDS = /^\d{1,9}(\.\d{1,9})?$/;
const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const RFC_850 = /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/;
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * Milliseconds that a Retry-After header asks to wait from `nowMs` (epoch) on: seconds, also with a fraction, rounded up, or
 * one of the three HTTP dates; a date in the past is 0. Null when the header is missing or means nothing.
 */
export function parseRetryAfter(value: string | null | undefined, nowMs: number): number | null {
  const text = value?.trim() ?? '';
  if (SECONDS.test(text)) return Math.ceil(Number(text) * 1000);
  const at = httpDate(text);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil(at - nowMs));
}

function httpDate(text: string): number {
  if (IMF_FIXDATE.test(text) || RFC_850.test(text)) return Date.parse(text);
  // This form has no zone and means UTC.
  return ASCTIME.test(text) ? Date.parse(`${text} GMT`) : Number.NaN;
}
