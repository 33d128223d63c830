import type { Closing } from './closing.ts';
import { type AlarmDeps, standingAlarm } from './standing-alarm.ts';
import type { SyncSettings } from './sync-deps.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Days before the end of a credential at which the administrator hears of it anew (reference: engineering.md B.6). */
const STEPS = [0, 1, 7, 30] as const;

/** Why the alarm stands; null while the end is more than 30 days away. */
export function credentialWarning(endsAt: number, now: number): string | null {
  const step = STEPS.find((days) => endsAt - now <= days * DAY_MS);
  if (step === undefined) return null;
  if (step === 0) return 'CERTIFICATE_ENDED';
  return `CERTIFICATE_ENDS_IN_${step}_${step === 1 ? 'DAY' : 'DAYS'}`;
}

export interface CredentialDeps extends AlarmDeps {
  readonly settings: Pick<SyncSettings, 'credentialEndsAt'>;
}

/** Raises the alarm about the certificate for Microsoft 365, renews it at each step, clears it when a new one is in use. */
export function watchCredential(deps: CredentialDeps, now: number): Closing {
  const { credentialEndsAt } = deps.settings;
  const reason = credentialEndsAt === null ? null : credentialWarning(credentialEndsAt, now);
  return standingAlarm(deps, 'credential-expiring', reason, now);
}
