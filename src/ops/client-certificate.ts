import type { KeyObject } from 'node:crypto';
import { type CertificateFiles, readCertificatePair } from './certificate-files.ts';
import { Secret } from './secrets.ts';

const MIN_BITS = 2048;

/** What proves the application to the sign-in service instead of a secret. */
export interface ClientCertificate {
  /** PEM, the application's own certificate first. */
  readonly chainPem: string;
  /** PKCS#8 PEM. */
  readonly key: Secret;
  /** SHA-256 of the certificate, hexadecimal. */
  readonly thumbprintSha256: string;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

/** Reads the two files. Throws AppError `invalid` as `readCertificatePair`, also for a key that the service does not take. */
export function readClientCertificate(files: CertificateFiles): ClientCertificate {
  const { chainPem, leaf, key } = readCertificatePair(files, refuseKey);
  return {
    chainPem,
    key: new Secret(String(key.export({ type: 'pkcs8', format: 'pem' }))),
    thumbprintSha256: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
    endsAt: leaf.validToDate.getTime(),
  };
}

function refuseKey(key: KeyObject): string | null {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType === 'rsa' && bits >= MIN_BITS) return null;
  return `holds another key than the sign-in service takes: RSA, ${MIN_BITS} bits or more.`;
}
