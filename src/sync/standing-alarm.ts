import type { AlarmId } from '../domain/alarm.ts';
import type { Store } from '../domain/store-port.ts';
import { type Closing, NOTHING } from './closing.ts';
import type { SyncEvents } from './sync-deps.ts';

export interface AlarmDeps {
  readonly store: Store;
  readonly events: Pick<SyncEvents, 'alarmRaised' | 'alarmCleared'>;
}

/** Brings an alarm about the whole appliance in step: it stands for this reason, raised anew when that changed, or not at all. */
export function standingAlarm(deps: AlarmDeps, id: AlarmId, reason: string | null, now: number): Closing {
  const standing = deps.store.read((r) => r.alarms().find((alarm) => alarm.id === id));
  if (reason === (standing?.reason ?? null)) return NOTHING;
  return {
    write: (w) => {
      w.clearAlarm(id, '');
      if (reason !== null) w.raiseAlarm(id, '', reason, now);
    },
    told: () => {
      if (reason !== null) deps.events.alarmRaised({ id, subject: '', reason });
      else deps.events.alarmCleared({ id, subject: '', reason: standing?.reason ?? '' });
    },
  };
}
