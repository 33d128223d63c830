import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';

/**
 * What outgoing TLS trusts: Node's roots, the roots of the operating system and, when given, one more PEM bundle.
 * Made once per client, since reading hundreds of roots for each connection costs milliseconds.
 * Throws Node's error when the PEM can't be read.
 */
export function trustedContext(extraCaPem: string | undefined): SecureContext {
  const roots = new Set([...getCACertificates('default'), ...getCACertificates('system')]);
  if (extraCaPem !== undefined) roots.add(extraCaPem);
  return createSecureContext({ ca: [...roots], minVersion: 'TLSv1.2' });
}
