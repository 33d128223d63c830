const DAY_MS = 24 * 60 * 60_000;

/** Days before the end at which the administrator hears of it anew. */
const STEPS = [0, 1, 7, 30, 60] as const;

/** What Webex gives a service app (reference: webex.md 4.2). Instants in epoch milliseconds. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly issuedAt: number;
  /** 14 days after it was issued, as a rule. */
  readonly accessEndsAt: number;
  /** 90 days after the last refresh, as a rule; null when Webex did not tell. */
  readonly refreshEndsAt: number | null;
}

/** When an access token is replaced: after half of its life, so that the other half is left for trying again. */
export function refreshDueAt({
  issuedAt,
  accessEndsAt,
}: Pick<TokenPair, 'issuedAt' | 'accessEndsAt'>): number {
  return issuedAt + Math.max(0, accessEndsAt - issuedAt) / 2;
}

/**
 * Why the alarm stands about a token for Webex whose end nobody but the administrator can put off; null while it is more than
 * 60 days away.
 */
export function tokenWarning(endsAt: number, now: number): string | null {
  const step = STEPS.find((days) => endsAt - now <= days * DAY_MS);
  if (step === undefined) return null;
  if (step === 0) return 'TOKEN_ENDED';
  return `TOKEN_ENDS_IN_${step}_${step === 1 ? 'DAY' : 'DAYS'}`;
}
