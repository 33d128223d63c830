import { z } from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { TokenPair } from '../domain/token-life.ts';
import {
  readAnswer,
  unreadableAnswer,
  type WebexAnswer,
  type WebexApiDeps,
  webexError,
  webexUrl,
} from './rest.ts';

/** The service app has to be authorised anew. */
export const REFRESH_REFUSED = 'WEBEX_REFRESH_REFUSED';
const SECONDS = z.number().positive();
const GRANT = z.object({
  access_token: z.string().min(1),
  expires_in: SECONDS,
  refresh_token: z.string().min(1).nullish(),
  refresh_token_expires_in: SECONDS.nullish(),
});

/** How the service app proves who it is. */
export interface ServiceApp {
  readonly clientId: string;
  readonly clientSecret: () => string;
}

/**
 * A new access token for a refresh token (reference: webex.md 4.2); what comes back as refresh token is the one for the next
 * time. Throws AppError as `callWebex` does, and `WEBEX_REFRESH_REFUSED` when the service app has to be authorised anew.
 */
export async function refreshToken(
  deps: Omit<WebexApiDeps, 'token'>,
  app: ServiceApp,
  refresh: string,
): Promise<TokenPair> {
  const now = deps.clock.now();
  const form = {
    grant_type: 'refresh_token',
    client_id: app.clientId,
    client_secret: app.clientSecret(),
    refresh_token: refresh,
  };
  const response = await deps.http.request({
    method: 'POST',
    url: webexUrl(deps.apiUrl, ['access_token']),
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  return grantIn(readAnswer(response), refresh, now);
}

function grantIn(answer: WebexAnswer, refresh: string, now: number): TokenPair {
  const { status, json } = answer;
  if (status === 400 || status === 401 || status === 403) throw refused();
  if (status >= 400) throw webexError(answer, now);
  const grant = GRANT.safeParse(json).data;
  if (grant === undefined) throw unreadableAnswer();
  const life = grant.refresh_token_expires_in ?? null;
  return {
    accessToken: grant.access_token,
    refreshToken: grant.refresh_token ?? refresh,
    issuedAt: now,
    accessEndsAt: now + grant.expires_in * 1000,
    refreshEndsAt: life === null ? null : now + life * 1000,
  };
}

function refused(): AppError {
  return new AppError({
    code: 'unauthenticated',
    reason: REFRESH_REFUSED,
    message:
      'Webex gives no new token: authorise the service app anew and put its tokens into webex.token_file and webex.refresh_token_file.',
    scope: 'upstream',
    upstream: 'webex',
  });
}
