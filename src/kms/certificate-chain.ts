import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';
import type { AppError } from '../domain/app-error.ts';
import { kmsFault } from './kms-fault.ts';

const MIN_BITS = 2048;
const MAX_CERTIFICATES = 10;
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const STATIC_JWK = z.looseObject({
  kty: z.literal('RSA'),
  kid: z.string().regex(/^kms:\/\/[^/]/),
  n: z.string().min(1),
  e: z.string().min(1),
  x5c: z.array(z.string().min(1)).min(1).max(MAX_CERTIFICATES),
});

/** The KMS's own RSA key, vouched for by a configured root. */
export interface StaticKey {
  readonly kid: string;
  readonly publicKey: KeyObject;
}

/**
 * Checks the static key a KMS presents: its chain up to one of the roots at `now` (epoch milliseconds), the host of its `kid`,
 * and that the certificate is for this very key. Throws AppError `tampered` KMS_CERTIFICATE_CHAIN, _NAME, _EXPIRED or _KEY.
 */
export function verifyStaticKey(jwk: unknown, rootsPem: string, now: number): StaticKey {
  const parsed = STATIC_JWK.safeParse(jwk);
  if (!parsed.success)
    throw certificateFault('KEY', 'is not an RSA key with a certificate chain', parsed.error);
  const { kid, n, e, x5c } = parsed.data;
  const [leaf, ...others] = x5c.map((text) => readCertificate(Buffer.from(text, 'base64')));
  if (leaf === undefined) throw certificateFault('CHAIN', 'holds no certificate');
  const path = pathToRoot(leaf, others, readRoots(rootsPem));
  if (!path.every((one) => isValidAt(one, now))) throw certificateFault('EXPIRED', 'is outside its validity');
  requireName(leaf, kid);
  requireKey(leaf, { kty: 'RSA', n, e });
  return { kid, publicKey: leaf.publicKey };
}

function pathToRoot(
  leaf: X509Certificate,
  others: readonly X509Certificate[],
  roots: readonly X509Certificate[],
): X509Certificate[] {
  const path = [leaf];
  let last = leaf;
  while (path.length <= others.length + 1) {
    const current = last;
    const root = roots.find((one) => isIssuerOf(one, current));
    if (root !== undefined) return [...path, root];
    const next = others.find((one) => !path.includes(one) && isIssuerOf(one, current));
    if (next === undefined) break;
    path.push(next);
    last = next;
  }
  throw certificateFault('CHAIN', 'does not lead to a root in kms.ca_file');
}

function isIssuerOf(issuer: X509Certificate, subject: X509Certificate): boolean {
  return issuer.ca && subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}

function isValidAt(certificate: X509Certificate, now: number): boolean {
  return Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);
}

/** The subject's CN counts only where there is no alternative name. */
function requireName(leaf: X509Certificate, kid: string): void {
  const host = URL.canParse(kid) ? new URL(kid).hostname : '';
  const bare = host.replace(/^\[|\]$/g, '');
  const named = isIP(bare) === 0 ? leaf.checkHost(host, { subject: 'default' }) : leaf.checkIP(bare);
  if (host === '' || named === undefined) throw certificateFault('NAME', 'is for another host');
}

function requireKey(leaf: X509Certificate, jwk: { kty: 'RSA'; n: string; e: string }): void {
  const key = leaf.publicKey;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' || bits < MIN_BITS)
    throw certificateFault('KEY', 'has a key that is too weak');
  if (!createPublicKey({ key: jwk, format: 'jwk' }).equals(key))
    throw certificateFault('KEY', 'is for another key');
}

function readRoots(pem: string): X509Certificate[] {
  return (pem.match(PEM) ?? []).map(readCertificate);
}

function readCertificate(bytes: Buffer | string): X509Certificate {
  try {
    return new X509Certificate(bytes);
  } catch (thrown) {
    throw certificateFault('CHAIN', 'cannot be read', thrown);
  }
}

function certificateFault(reason: string, flaw: string, cause?: unknown): AppError {
  const message = `The certificate of the KMS ${flaw}: check kms.ca_file, and whether this is really your KMS.`;
  return kmsFault('tampered', `CERTIFICATE_${reason}`, message, { cause });
}
