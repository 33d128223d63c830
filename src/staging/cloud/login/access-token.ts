import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import type { AppRegistration } from '../directory.ts';

/** Life of a token in seconds of the simulated clock. */
export const TOKEN_LIFE_S = 3599;

const CLAIMS = z.object({ tid: z.string(), appid: z.string(), exp: z.number() });

/** An access token for Graph. Opaque to its bearer, though it has the shape of a JWT as the real ones have. */
export function mintToken(context: CloudContext, registration: AppRegistration): string {
  const { tenantId } = context.directory;
  const now = Math.floor(context.clock.now() / 1000);
  const claims = {
    aud: 'https://graph.microsoft.com',
    iss: `https://sts.windows.net/${tenantId}/`,
    iat: now,
    nbf: now,
    exp: now + TOKEN_LIFE_S,
    app_displayname: registration.displayName,
    appid: registration.clientId,
    idtyp: 'app',
    roles: registration.roles,
    tid: tenantId,
    uti: randomBytes(16).toString('base64url'),
    ver: '1.0',
  };
  const unsigned = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode(claims)}`;
  return `${unsigned}.${sign(context, unsigned)}`;
}

/** The application whose valid, unexpired token the request bears; null otherwise (the caller answers 401). */
export function authenticateGraph(context: CloudContext, request: Request): AppRegistration | null {
  const bearer = /^Bearer ([\w-]+\.[\w-]+)\.([\w-]+)$/i.exec(request.headers.get('authorization') ?? '');
  const [, unsigned, signature] = bearer ?? [];
  if (unsigned === undefined || signature === undefined) return null;
  if (!sameText(signature, sign(context, unsigned))) return null;
  const claims = CLAIMS.parse(JSON.parse(Buffer.from(unsigned.split('.')[1] ?? '', 'base64url').toString()));
  const expired = claims.exp * 1000 <= context.clock.now();
  return expired || claims.tid !== context.directory.tenantId ? null : registrationOf(context, claims.appid);
}

/** The registration with this client id; null when the tenant has none. */
export function registrationOf(context: CloudContext, clientId: string): AppRegistration | null {
  const { appliance, outlook } = context.directory;
  return [appliance, outlook].find((one) => one.clientId === clientId.toLowerCase()) ?? null;
}

/** Compares in constant time. */
export function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function sign(context: CloudContext, unsigned: string): string {
  return createHmac('sha256', signingKey(context)).update(unsigned).digest('base64url');
}

// Kept on disk so that tokens given out before a restart stay good, as they do at the real service.
function signingKey(context: CloudContext): Buffer {
  const table = context.disk.table<string>('login-key');
  const known = table.get('hmac');
  if (known !== undefined) return Buffer.from(known, 'base64');
  const made = randomBytes(32);
  table.put('hmac', made.toString('base64'));
  return made;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
