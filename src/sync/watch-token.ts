import type { Store } from '../domain/store-port.ts';
import { tokenWarning } from '../domain/token-life.ts';
import { type Closing, NOTHING } from './closing.ts';
import type { SyncEvents } from './sync-deps.ts';

const ID = 'token-expiring';

export interface TokenDeps {
  /** When the appliance is shut out of Webex unless somebody acts, in epoch milliseconds; null when that is not known. */
  readonly webexTokenEndsAt: () => number | null;
  readonly store: Store;
  readonly events: Pick<SyncEvents, 'alarmRaised' | 'alarmCleared'>;
}

/** Raises the alarm about the token for Webex, renews it at each step, clears it when there is a new one. */
export function watchToken(deps: TokenDeps, now: number): Closing {
  const endsAt = deps.webexTokenEndsAt();
  const reason = endsAt === null ? null : tokenWarning(endsAt, now);
  const standing = deps.store.read((r) => r.alarms().find((alarm) => alarm.id === ID));
  if (reason === (standing?.reason ?? null)) return NOTHING;
  return {
    write: (w) => {
      w.clearAlarm(ID, '');
      if (reason !== null) w.raiseAlarm(ID, '', reason, now);
    },
    told: () => {
      if (reason !== null) deps.events.alarmRaised({ id: ID, subject: '', reason });
      else deps.events.alarmCleared({ id: ID, subject: '', reason: standing?.reason ?? '' });
    },
  };
}
