import type { X509Certificate } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import type { AppRegistration } from '../directory.ts';
import { registeredCertificate } from './app-certificates.ts';
import { type Refusal, refusal } from './refusal.ts';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Clocks differ: the login is not strict to the second. */
const TOLERANCE_S = 300;
const HEADER = z.object({
  alg: z.literal('PS256'),
  'x5t#S256': z.string(),
  x5c: z.array(z.string()).min(1).optional(),
});

/**
 * Null when the assertion of the form proves the application: signed (PS256) by the key of a certificate that is registered for
 * it, meant for this token endpoint, within its time, and not used before (reference: graph.md 8.3, 8.4).
 */
export async function refuseAssertion(
  context: CloudContext,
  registration: AppRegistration,
  form: URLSearchParams,
): Promise<Refusal | null> {
  const assertion = form.get('client_assertion') ?? '';
  if (form.get('client_assertion_type') !== TYPE) return invalid('The assertion type is not supported.');
  const certificate = signer(context, registration, assertion);
  if (certificate === null) return invalid('The certificate of the assertion is not registered.');
  if (certificate.validToDate.getTime() <= context.clock.now())
    return invalid('The certificate used to sign the client assertion is expired on application.');
  return await refuseClaims(context, registration, assertion, certificate);
}

/** The registered certificate that the assertion names; what it encloses must be that very one. */
function signer(
  context: CloudContext,
  registration: AppRegistration,
  assertion: string,
): X509Certificate | null {
  const header = HEADER.safeParse(headerOf(assertion));
  if (!header.success) return null;
  const { 'x5t#S256': x5t, x5c } = header.data;
  const certificate = registeredCertificate(context, registration.clientId, x5t);
  const enclosed = x5c?.[0] ?? certificate?.raw.toString('base64');
  return certificate?.raw.toString('base64') === enclosed ? certificate : null;
}

function headerOf(assertion: string): unknown {
  try {
    return decodeProtectedHeader(assertion);
  } catch {
    return null;
  }
}

async function refuseClaims(
  context: CloudContext,
  { clientId }: AppRegistration,
  assertion: string,
  certificate: X509Certificate,
): Promise<Refusal | null> {
  try {
    const { payload } = await jwtVerify(assertion, certificate.publicKey, {
      algorithms: ['PS256'],
      issuer: clientId,
      subject: clientId,
      audience: `${context.baseUrl}/${context.directory.tenantId}/oauth2/v2.0/token`,
      requiredClaims: ['exp', 'nbf', 'jti'],
      // Client libraries sign by the clock of the machine, which no jump of the installation's clock moves.
      currentDate: new Date(),
      clockTolerance: TOLERANCE_S,
    });
    return isReplay(context, payload.jti ?? '', payload.exp ?? 0)
      ? invalid('The client assertion was presented before.')
      : null;
  } catch (thrown) {
    return thrown instanceof errors.JWTExpired || isTooEarly(thrown)
      ? refusal(401, 'invalid_client', 700024, 'Client assertion is not within its valid time range.')
      : invalid('Client assertion contains an invalid signature or claim.');
  }
}

function isTooEarly(thrown: unknown): boolean {
  return thrown instanceof errors.JWTClaimValidationFailed && thrown.claim === 'nbf';
}

/** Remembers each assertion for as long as it could be presented again, over restarts too. */
function isReplay(context: CloudContext, jti: string, exp: number): boolean {
  const seen = context.disk.table<{ readonly jti: string; readonly exp: number }>('login-assertions');
  for (const old of seen.all()) if ((old.exp + TOLERANCE_S) * 1000 < Date.now()) seen.delete(old.jti);
  if (seen.get(jti) !== undefined) return true;
  seen.put(jti, { jti, exp });
  return false;
}

function invalid(text: string): Refusal {
  return refusal(401, 'invalid_client', 700027, text);
}
