import type { Clock } from '../domain/ports.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../net/http-client.ts';
import { parseRetryAfter } from '../net/retry-after.ts';
import { kmsFault, malformedAnswer, refusedAppliance } from './kms-fault.ts';

export interface KmsHttpDeps {
  readonly http: HttpClient;
  /** Base of the encryption service, without a slash at its end. */
  readonly url: string;
  token(): string;
  readonly clock: Clock;
}

/** One authorised call. Throws AppError: KMS_REFUSED for 401 and 403, KMS_THROTTLED, KMS_UNREACHABLE for 5xx, and HttpClient's. */
export async function callKms(
  deps: KmsHttpDeps,
  path: string,
  request: Pick<HttpRequest, 'method' | 'body' | 'timeoutMs' | 'signal'>,
): Promise<unknown> {
  const headers = {
    authorization: `Bearer ${deps.token()}`,
    accept: 'application/json',
    'content-type': 'application/json',
  };
  const url = `${deps.url.replace(/\/+$/, '')}${path}`;
  const response = await deps.http.request({ ...request, url, headers });
  requireSuccess(response, deps.clock.now());
  try {
    return response.text === '' ? null : JSON.parse(response.text);
  } catch {
    return null;
  }
}

function requireSuccess({ status, headers }: HttpResponse, now: number): void {
  if (status >= 200 && status < 300) return;
  if (status === 401 || status === 403) throw refusedAppliance();
  const asked = parseRetryAfter(headers.get('retry-after'), now);
  const wait = asked === null ? {} : { retryAfterMs: asked };
  if (status === 429)
    throw kmsFault('throttled', 'THROTTLED', 'The KMS asks the appliance to slow down.', wait);
  if (status >= 500)
    throw kmsFault('unavailable', 'UNREACHABLE', `The KMS service answers with HTTP status ${status}.`, wait);
  throw malformedAnswer();
}
