import type { RetryAfter } from './misbehaviour.ts';

/** The header's value and the instant (epoch milliseconds) until which it asks to wait. */
export interface Wait {
  readonly header: string | null;
  readonly until: number;
}

/** How long a client is asked to wait, in the form that was ordered. */
export function waitOf(retryAfter: RetryAfter, now: number): Wait {
  if (retryAfter === 'absent') return { header: null, until: now };
  if (retryAfter === 'garbage') return { header: 'in a while', until: now };
  if (typeof retryAfter === 'number') return { header: String(retryAfter), until: now + retryAfter * 1000 };
  // Dates have whole seconds: the next one, so that it is not too early.
  const until = Math.ceil((now + retryAfter.dateInS * 1000) / 1000) * 1000;
  return { header: new Date(until).toUTCString(), until };
}
