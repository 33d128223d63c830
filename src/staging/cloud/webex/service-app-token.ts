import { randomBytes } from 'node:crypto';
import type { CloudContext } from '../cloud-context.ts';
import type { Table } from '../disk.ts';

const DAY_MS = 86_400_000;
/** Lives as Webex gives them (reference: webex.md 4.2). */
const ACCESS_LIFE_S = 1_209_599;
const REFRESH_LIFE_S = 7_776_000;
/** The token of a fresh installation lives as long as a bot's: labs that refresh nothing work on. */
const FIRST_LIFE_MS = 100 * 365 * DAY_MS;

/** How the service app gets new access tokens. */
export interface ServiceAppKeys {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  /** Simulated epoch milliseconds. */
  readonly refreshEndsAt: number;
}

interface AccessToken {
  readonly token: string;
  readonly endsAt: number;
}

const keysTable = (context: CloudContext): Table<ServiceAppKeys> =>
  context.disk.table<ServiceAppKeys>('webex-service-app');
const tokenTable = (context: CloudContext): Table<AccessToken> =>
  context.disk.table<AccessToken>('webex-access-tokens');

export function serviceAppKeys(context: CloudContext): ServiceAppKeys {
  const known = keysTable(context).get('keys');
  if (known !== undefined) return known;
  const made = {
    clientId: `C${randomBytes(32).toString('hex')}`,
    clientSecret: secret(),
    refreshToken: secret(),
    refreshEndsAt: context.clock.now() + REFRESH_LIFE_S * 1000,
  };
  keysTable(context).put('keys', made);
  return made;
}

/** When a token of the service app ends; null for all other tokens. */
export function endOfToken(context: CloudContext, token: string): number | null {
  const known = tokenTable(context).get(token);
  if (known !== undefined) return known.endsAt;
  return token === context.directory.serviceApp.token ? context.clock.now() + FIRST_LIFE_MS : null;
}

/** A new access token. The refresh token stays, and its life begins anew. Older access tokens live out their time. */
export function refreshedToken(context: CloudContext): object {
  const access_token = secret();
  const now = context.clock.now();
  const keys = { ...serviceAppKeys(context), refreshEndsAt: now + REFRESH_LIFE_S * 1000 };
  keysTable(context).put('keys', keys);
  putToken(context, access_token, now + ACCESS_LIFE_S * 1000);
  return {
    access_token,
    expires_in: ACCESS_LIFE_S,
    refresh_token: keys.refreshToken,
    refresh_token_expires_in: REFRESH_LIFE_S,
    token_type: 'Bearer',
  };
}

/** Lets every access token, or the refresh token, end at an instant. */
export function endTokens(
  context: CloudContext,
  ends: { readonly access?: number; readonly refresh?: number },
): void {
  const { access, refresh } = ends;
  if (refresh !== undefined)
    keysTable(context).put('keys', { ...serviceAppKeys(context), refreshEndsAt: refresh });
  if (access === undefined) return;
  const issued = tokenTable(context).all();
  for (const token of [context.directory.serviceApp.token, ...issued.map((one) => one.token)])
    putToken(context, token, access);
}

function putToken(context: CloudContext, token: string, endsAt: number): void {
  tokenTable(context).put(token, { token, endsAt });
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
