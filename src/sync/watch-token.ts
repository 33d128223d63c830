import { tokenWarning } from '../domain/token-life.ts';
import type { Closing } from './closing.ts';
import { type AlarmDeps, standingAlarm } from './standing-alarm.ts';

export interface TokenDeps extends AlarmDeps {
  /** When the appliance is shut out of Webex unless somebody acts, in epoch milliseconds; null when that is not known. */
  readonly webexTokenEndsAt: () => number | null;
}

/** Raises the alarm about the token for Webex, renews it at each step, clears it when there is a new one. */
export function watchToken(deps: TokenDeps, now: number): Closing {
  const endsAt = deps.webexTokenEndsAt();
  return standingAlarm(deps, 'token-expiring', endsAt === null ? null : tokenWarning(endsAt, now), now);
}
