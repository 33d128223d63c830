import { ALARMS, type Alarm } from './alarm.ts';
import type { OverallState } from './status.ts';

export interface Assessment {
  readonly state: OverallState;
  readonly reason: string;
}

/** The overall state in Webex's words: any critical or error alarm is an outage of something, a warning impairs. */
export function assess(
  alarms: readonly Alarm[],
  mailboxes: { readonly total: number; readonly active: number },
): Assessment {
  const worst =
    alarms.find((a) => ALARMS[a.id].severity === 'critical') ??
    alarms.find((a) => ALARMS[a.id].severity === 'error');
  if (worst !== undefined) return { state: 'outage', reason: ALARMS[worst.id].title };
  const [first] = alarms;
  if (first !== undefined) return { state: 'impaired', reason: ALARMS[first.id].title };
  if (mailboxes.total === 0) return { state: 'operational', reason: 'No mailbox is enabled yet' };
  if (mailboxes.active < mailboxes.total) {
    return {
      state: 'impaired',
      reason: `${mailboxes.total - mailboxes.active} of ${mailboxes.total} mailboxes are not active`,
    };
  }
  return { state: 'operational', reason: `All ${mailboxes.total} mailboxes are watched` };
}
