import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { CloudContext } from '../../cloud-context.ts';
import type { Table } from '../../disk.ts';

const DAY_MS = 86_400_000;
const COUNT = z.int().min(0).max(10_000);

/** How many calls that make meetings are taken in 24 hours, and how long a new meeting is missing from lists. */
export const SCHEDULING = z.strictObject({
  /** For people's own tokens. */
  perUser: COUNT.default(100),
  /** For one host, by administrators. */
  perHost: COUNT.default(800),
  /** For an administrator altogether. */
  overall: COUNT.default(3_000),
  listLagMs: z.int().min(0).max(DAY_MS).default(0),
});
export type Scheduling = z.infer<typeof SCHEDULING>;

interface Attempt {
  readonly at: number;
  readonly caller: string;
  readonly host: string;
}

export const schedulingTable = (context: CloudContext): Table<Scheduling> =>
  context.disk.table<Scheduling>('webex-scheduling');
const attemptTable = (context: CloudContext): Table<Attempt> =>
  context.disk.table<Attempt>('webex-meeting-attempts');

export function schedulingOf(context: CloudContext): Scheduling {
  return schedulingTable(context).get('scheduling') ?? SCHEDULING.parse({});
}

/**
 * Counts a call that makes a meeting, failed ones too. Null when it is taken; else the seconds after which one would be, if none
 * came in between (reference: webex.md 4.4).
 */
export function countAttempt(
  context: CloudContext,
  caller: string,
  host: string,
  isAdmin: boolean,
): number | null {
  const now = context.clock.now();
  const { perUser, perHost, overall } = schedulingOf(context);
  const recent = recentAttempts(context, now).filter((one) => one.caller === caller);
  const ofHost = recent.filter((one) => one.host === host);
  attemptTable(context).put(randomUUID(), { at: now, caller, host });
  const waits = isAdmin
    ? [waitFor(recent, overall, now), waitFor(ofHost, perHost, now)]
    : [waitFor(recent, perUser, now)];
  const longest = Math.max(...waits);
  return longest === 0 ? null : Math.ceil(longest / 1000);
}

// The call that is being refused counts as well: the wait is for one more to leave the day.
function waitFor(attempts: readonly Attempt[], limit: number, now: number): number {
  if (attempts.length < limit) return 0;
  const leaving = attempts[attempts.length - limit] ?? { at: now };
  return Math.max(1, leaving.at + DAY_MS - now);
}

function recentAttempts(context: CloudContext, now: number): Attempt[] {
  return attemptTable(context)
    .all()
    .filter(({ at }) => at > now - DAY_MS);
}
