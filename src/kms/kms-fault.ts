import { AppError, type ErrorCode, type ErrorScope } from '../domain/app-error.ts';

/** A failure at the KMS; `reason` gets its prefix here. */
export function kmsFault(
  code: ErrorCode,
  reason: string,
  message: string,
  more: { readonly scope?: ErrorScope; readonly cause?: unknown; readonly retryAfterMs?: number } = {},
): AppError {
  return new AppError({
    scope: 'upstream',
    ...more,
    code,
    reason: `KMS_${reason}`,
    message,
    upstream: 'kms',
  });
}

/** Something that claims to come from the KMS fails its cryptographic check. */
export function tamperedAnswer(cause?: unknown): AppError {
  const message =
    'An answer in the name of the KMS is not authentic: look for a proxy between appliance and KMS.';
  return kmsFault('tampered', 'ANSWER_TAMPERED', message, { cause });
}

/** An authentic or plain answer whose content is not what the protocol says. */
export function malformedAnswer(cause?: unknown): AppError {
  const message =
    'The KMS answered in a form the appliance does not know: check kms.url and the version of the KMS.';
  return kmsFault('unavailable', 'ANSWER_MALFORMED', message, { cause });
}

/** The KMS does not accept the appliance itself. */
export function refusedAppliance(): AppError {
  const message = "The KMS refuses the appliance's own token: renew the token and check the scope spark:kms.";
  return kmsFault('forbidden', 'REFUSED', message);
}

/** Ends what waits when the appliance stops. */
export function closedFault(): AppError {
  return kmsFault('unavailable', 'CLOSED', 'The appliance is stopping.');
}

/** The key may open what it sealed, but its time of sealing is over. */
export function expiredKey(): AppError {
  const message = 'The KMS lets this key seal no more: a new key has to be issued for the mailbox.';
  return kmsFault('conflict', 'KEY_EXPIRED', message, { scope: 'job' });
}

/** Others needed its place in memory, or the KMS refused it, between two steps of one call. */
export function lostKey(): AppError {
  const message = 'The key left the memory while it was waited for; it is fetched again.';
  return kmsFault('unavailable', 'KEY_NOT_HELD', message, { scope: 'job' });
}

/** The KMS wants no more of the appliance, or the customer has revoked all keys. */
export function refusesEverything({ reason }: AppError): boolean {
  return reason === 'KMS_REFUSED' || reason === 'KMS_KEYS_REVOKED';
}

// A proxy or a sign-in page of the network that sends the call elsewhere; no word of the KMS.
const SENT_ELSEWHERE = 'KMS_REDIRECT';

/** The KMS is out of reach or overrun, which passes; it has refused nothing and forged nothing. */
export function isOutage({ code, reason, scope }: AppError): boolean {
  const passes = code === 'unavailable' || code === 'throttled' || reason === SENT_ELSEWHERE;
  return scope === 'upstream' && passes;
}

/** What a failing answer on the channel says about itself (reference: webex.md 2.7). */
export interface Refusal {
  readonly status: number;
  readonly errorCode?: number | undefined;
}

const REVOKED: ReadonlySet<number | undefined> = new Set([405005, 405006]);

/** What a failing answer on the channel means. `perKey`: the request was about one existing key. */
export function refusalOf(refusal: Refusal, perKey: boolean): AppError {
  const { status, errorCode } = refusal;
  if (status === 401 || (status === 403 && !perKey)) return refusedAppliance();
  if (status === 429) return kmsFault('throttled', 'THROTTLED', 'The KMS asks the appliance to slow down.');
  if (status >= 500) return kmsFault('unavailable', 'FAILING', 'The KMS reports a fault of its own.');
  if (!perKey && REVOKED.has(errorCode)) return allRevoked();
  return perKey ? keyRefusal(status) : requestRefusal(status);
}

function keyRefusal(status: number): AppError {
  const scope = 'job';
  if (status === 403)
    return kmsFault('forbidden', 'KEY_REFUSED', 'The KMS lets the appliance not read this key.', { scope });
  if (status === 404 || status === 410)
    return kmsFault('not_found', 'KEY_GONE', 'The KMS does not have this key any more.', { scope });
  if (status === 405) return revokedKey();
  return requestRefusal(status);
}

// Everything of the mailbox stops and its trouble is shown: what the key sealed can't be opened, and nothing new is sealed.
function revokedKey(): AppError {
  const message = 'The key is revoked at the KMS: ask whoever runs the KMS whether that was meant.';
  return kmsFault('forbidden', 'KEY_REVOKED', message, { scope: 'mailbox' });
}

function allRevoked(): AppError {
  const message = 'The KMS gives out no keys: the main key of the organisation is revoked there.';
  return kmsFault('forbidden', 'KEYS_REVOKED', message);
}

function requestRefusal(status: number): AppError {
  const code = status === 409 ? 'conflict' : 'invalid';
  return kmsFault(code, 'REQUEST_REFUSED', `The KMS refuses a request with status ${status}.`, {
    scope: 'job',
  });
}
