import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';

/**
 * What outgoing TLS trusts: Node's roots, the roots of the operating system and, when given, one more PEM bundle.
 * Made once for each bundle, since reading hundreds of roots costs tens of milliseconds. Throws Node's error when the PEM can't be read.
 */
export function trustedContext(extraCaPem: string | undefined): SecureContext {
  const known = made.get(extraCaPem);
  if (known !== undefined) return known;
  const roots = new Set([...getCACertificates('default'), ...getCACertificates('system')]);
  if (extraCaPem !== undefined) roots.add(extraCaPem);
  const context = createSecureContext({ ca: [...roots], minVersion: 'TLSv1.2' });
  made.set(extraCaPem, context);
  return context;
}

const made = new Map<string | undefined, SecureContext>();
