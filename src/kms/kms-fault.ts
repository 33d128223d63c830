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

/** What a failing answer on the channel means. `perKey`: the request was about one existing key. */
export function refusalOf(status: number, perKey: boolean): AppError {
  if (status === 401 || (status === 403 && !perKey)) return refusedAppliance();
  if (status === 429) return kmsFault('throttled', 'THROTTLED', 'The KMS asks the appliance to slow down.');
  if (status >= 500) return kmsFault('unavailable', 'FAILING', 'The KMS reports a fault of its own.');
  return perKey ? keyRefusal(status) : requestRefusal(status);
}

function keyRefusal(status: number): AppError {
  const scope = 'job';
  if (status === 403)
    return kmsFault('forbidden', 'KEY_REFUSED', 'The KMS lets the appliance not read this key.', { scope });
  if (status === 404 || status === 410)
    return kmsFault('not_found', 'KEY_GONE', 'The KMS does not have this key any more.', { scope });
  if (status === 405)
    return kmsFault('forbidden', 'KEY_REVOKED', 'The key is revoked at the KMS.', { scope });
  return requestRefusal(status);
}

function requestRefusal(status: number): AppError {
  const code = status === 409 ? 'conflict' : 'invalid';
  return kmsFault(code, 'REQUEST_REFUSED', `The KMS refuses a request with status ${status}.`, {
    scope: 'job',
  });
}
