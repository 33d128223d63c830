import type { AlarmId } from './alarm.ts';
import type { KeyOutage } from './key-port.ts';

/** Before this much of an outage has passed it may be a moment's; in a large installation some key is always old. */
const SETTLED_MS = 2 * 60_000;
const WARNED_MS = 4 * 60 * 60_000;

/** What is to be alarmed about while the KMS is away; null while keys in memory serve for long enough, or it answers. */
export function outageAlarm(
  outage: KeyOutage | null,
  now: number,
): Extract<AlarmId, 'keys-ending' | 'no-usable-key'> | null {
  if (outage === null) return null;
  const { since, firstEndAt, lastEndAt } = outage;
  if (firstEndAt === null || lastEndAt === null || lastEndAt <= now) return 'no-usable-key';
  return now - since >= SETTLED_MS && firstEndAt - now <= WARNED_MS ? 'keys-ending' : null;
}

/** Whether work that finds its keys in memory goes on although the KMS is away. */
export function copiesServe(outage: KeyOutage | null, now: number): boolean {
  return outage !== null && outage.lastEndAt !== null && now < outage.lastEndAt;
}

const MINUTE_MS = 60_000;

/** For people, to the minute: what is shown must not change all the time. */
export function toTheMinute(outage: KeyOutage | null): KeyOutage | null {
  if (outage === null) return null;
  const minute = (at: number | null) => (at === null ? null : at - (at % MINUTE_MS));
  return { ...outage, firstEndAt: minute(outage.firstEndAt), lastEndAt: minute(outage.lastEndAt) };
}
