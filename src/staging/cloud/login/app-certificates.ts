import { X509Certificate } from 'node:crypto';
import type { CloudContext } from '../cloud-context.ts';

interface RegisteredCertificate {
  readonly clientId: string;
  readonly certPem: string;
}

/** The base64url SHA-256 of a certificate: how an assertion names the one that signed it. */
export function thumbprint(certificate: X509Certificate): string {
  return Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
}

/** Registers a certificate for an application, as an administrator does in the portal; a second time changes nothing. */
export function registerCertificate(context: CloudContext, clientId: string, certPem: string): void {
  const id = `${clientId}/${thumbprint(new X509Certificate(certPem))}`;
  context.disk.table<RegisteredCertificate>('login-certificates').put(id, { clientId, certPem });
}

/** The application's registered certificate with this thumbprint; null when it has none such. */
export function registeredCertificate(
  context: CloudContext,
  clientId: string,
  x5tS256: string,
): X509Certificate | null {
  const table = context.disk.table<RegisteredCertificate>('login-certificates');
  const known = table.get(`${clientId}/${x5tS256}`);
  return known === undefined ? null : new X509Certificate(known.certPem);
}
