import { z } from 'zod';

const COMMON = {
  /** Whose calls or notifications it hits. People's clients are spared unless they are named. */
  app: z.enum(['appliance', 'outlook', 'any']).default('appliance'),
  /** GUID or address; without it every mailbox. */
  mailbox: z.string().min(1).optional(),
  /** Chance of each opportunity; the sequence repeats with the seed. */
  probability: z.number().min(0).max(1).default(1),
  /** After so many it is spent; without it never. */
  times: z.int().min(1).optional(),
};
const CALLS = {
  ...COMMON,
  method: z.string().toUpperCase().optional(),
  /** Source of a regular expression over the path, `/v1.0/…` included. */
  path: z.string().refine(isPattern, 'not a regular expression').optional(),
};
const MILLISECONDS = z
  .int()
  .min(1)
  .max(24 * 3_600_000);

/** A number is sent as it is, seconds or fractions of them; `dateInS` becomes an HTTP date. */
const RETRY_AFTER = z.union([
  z.number().min(0).max(3600),
  z.strictObject({ dateInS: z.number().min(0).max(3600) }),
  z.literal('garbage'),
  z.literal('absent'),
]);
export type RetryAfter = z.infer<typeof RETRY_AFTER>;

const WHEN = z.enum(['before', 'after']).default('before');
const AFTER = WHEN.removeDefault().default('after');

/** What can be ordered; CONTROL.md says what each does. */
export const MISBEHAVIOUR = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('duplicate'), ...COMMON, copies: z.int().min(1).max(20).default(1) }),
  z.strictObject({
    kind: z.literal('wrong-change-type'),
    ...COMMON,
    to: z.enum(['created', 'updated', 'deleted']).optional(),
  }),
  z.strictObject({ kind: z.literal('reorder'), ...COMMON }),
  z.strictObject({ kind: z.literal('drop'), ...COMMON }),
  z.strictObject({ kind: z.literal('late'), ...COMMON, delayMs: MILLISECONDS }),
  z.strictObject({ kind: z.literal('stale-read'), ...COMMON, lagMs: MILLISECONDS.default(2_000) }),
  z.strictObject({
    kind: z.literal('throttle'),
    ...CALLS,
    scope: z.enum(['mailbox', 'app']).default('mailbox'),
    retryAfter: RETRY_AFTER.default(1),
    code: z.enum(['ApplicationThrottled', 'TooManyRequests', 'UnknownError']).optional(),
  }),
  z.strictObject({
    kind: z.literal('server-error'),
    ...CALLS,
    status: z.union([z.literal(500), z.literal(502), z.literal(503), z.literal(504)]).default(503),
    body: z.enum(['graph', 'html', 'empty']).default('graph'),
    code: z.string().optional(),
    retryAfter: RETRY_AFTER.default('absent'),
    when: WHEN,
  }),
  z.strictObject({ kind: z.literal('reset'), ...CALLS, when: WHEN }),
  z.strictObject({ kind: z.literal('slow-body'), ...CALLS, overMs: MILLISECONDS }),
  z.strictObject({ kind: z.literal('latency'), ...CALLS, delayMs: MILLISECONDS, when: AFTER }),
  z.strictObject({
    kind: z.literal('rewrite-html'),
    ...COMMON,
    foldLines: z.boolean().default(true),
    prefixNames: z.boolean().default(true),
    stripClasses: z.boolean().default(false),
    wrapLinks: z.boolean().default(true),
    reorderStyles: z.boolean().default(true),
  }),
  z.strictObject({ kind: z.literal('list-exceptions'), ...COMMON }),
  z.strictObject({
    kind: z.literal('delta-gone'),
    ...COMMON,
    when: z.enum(['start', 'middle', 'any']).default('any'),
    code: z.enum(['SyncStateNotFound', 'SyncStateInvalid', 'ResyncRequired']).default('SyncStateNotFound'),
  }),
  z.strictObject({ kind: z.literal('empty-page'), ...COMMON }),
  z.strictObject({ kind: z.literal('replay-rows'), ...COMMON }),
  z.strictObject({ kind: z.literal('master-missing'), ...COMMON }),
  z.strictObject({ kind: z.literal('split-series'), ...COMMON }),
  z.strictObject({ kind: z.literal('report-removed'), ...COMMON }),
]);
export type Misbehaviour = z.infer<typeof MISBEHAVIOUR>;
export type Kind = Misbehaviour['kind'];

function isPattern(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
