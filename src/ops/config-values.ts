import { z } from 'zod';

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(\d{1,9})(ms|s|m|h|d)$/;
const LISTEN = /^(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+):(\d{1,5})$/;

/** `host` without the brackets of an IPv6 address. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Milliseconds of `10s`, `15m`, `24h`, `30d` or `500ms`; null for anything else. */
export function durationMs(text: string): number | null {
  const [, amount, unit] = DURATION.exec(text) ?? [];
  return amount === undefined ? null : Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/** One key of the file: how it is read, what is allowed (shown with every problem), and its default if it has one. */
export interface Field<T> {
  readonly type: z.ZodType<T>;
  readonly allowed: string;
  /** What counts when the key is absent; undefined when it must be given. */
  readonly fallback: unknown;
}

export function text(allowed: string, fallback?: string): Field<string> {
  return {
    type: z.string('is not a text in quotes').refine((value) => value !== '', 'is empty'),
    allowed,
    fallback,
  };
}

export function duration(fallback: string, min: string, max: string): Field<number> {
  const [from, to] = [durationMs(min) ?? 0, durationMs(max) ?? 0];
  const type = z.string('is not a duration in quotes').transform((value, context) => {
    const ms = durationMs(value);
    if (ms === null) context.addIssue('is not a duration with a unit');
    else if (ms < from || ms > to) context.addIssue('is out of range');
    return ms ?? 0;
  });
  return {
    type,
    allowed: `a duration from "${min}" to "${max}", e.g. "${fallback}" (units ms, s, m, h, d)`,
    fallback,
  };
}

export function oneOf<const T extends readonly [string, ...string[]]>(
  words: T,
  fallback: T[number],
): Field<T[number]> {
  const allowed = words.map((word) => `"${word}"`).join(', ');
  return { type: z.enum(words, 'is not one of the allowed words'), allowed, fallback };
}

export function flag(fallback: boolean): Field<boolean> {
  return { type: z.boolean('is neither true nor false'), allowed: 'true or false, without quotes', fallback };
}

export function words(allowed: string): Field<string[]> {
  return {
    type: z.array(z.string('holds something that is no text'), 'is not a list'),
    allowed,
    fallback: [],
  };
}

/** An https address without user, query and fragment; a final slash is taken off. */
export function httpsUrl(what: string, fallback?: string): Field<string> {
  const type = z.string('is not a text in quotes').transform((value, context) => {
    const url = URL.parse(value);
    if (url === null) context.addIssue('is not an address');
    else if (url.protocol !== 'https:') context.addIssue('does not begin with https://');
    else if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
      context.addIssue('has more than host, port and path');
    return value.replace(/\/+$/, '');
  });
  return { type, allowed: `${what}, beginning with https://`, fallback };
}

export function guid(what: string): Field<string> {
  const type = z
    .string('is not a text in quotes')
    .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'is not a GUID')
    .transform((value) => value.toLowerCase());
  return { type, allowed: `${what}, like "01234567-89ab-cdef-0123-456789abcdef"`, fallback: undefined };
}

/** A path; a value that looks like the secret itself is refused without being shown. */
export function path(what: string, fallback?: string): Field<string> {
  const type = z
    .string('is not a path in quotes')
    .refine((value) => value !== '', 'is empty')
    .refine(
      (value) => !/-----BEGIN|\n|^eyJ/.test(value),
      'holds the secret itself: only the path of a file belongs here',
    );
  return { type, allowed: `path of ${what}, absolute or from the folder of the configuration`, fallback };
}

export function listen(fallback: string): Field<ListenAddress> {
  const type = z.string('is not a text in quotes').transform((value, context) => {
    const [, host = '', port = ''] = LISTEN.exec(value) ?? [];
    if (host === '') context.addIssue('is not host:port');
    else if (Number(port) > 65_535) context.addIssue('has a port above 65535');
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
  });
  return {
    type,
    allowed: `"host:port", e.g. "${fallback}" or "[::1]:9443"; port 0 takes any free one`,
    fallback,
  };
}

/** The same, and empty (also absent) means: none. */
export function optional<T>(field: Field<T>): Field<T | null> {
  const type = z.unknown().transform((value, context): T | null => {
    if (value === '') return null;
    const read = field.type.safeParse(value);
    for (const issue of read.error?.issues ?? []) context.addIssue(issue.message);
    return read.data ?? null;
  });
  return { type, allowed: `${field.allowed}; or "" for none`, fallback: '' };
}
