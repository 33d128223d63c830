import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError } from '../domain/app-error.ts';
import { readSecret, Secret } from './secrets.ts';

const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const MIN_BITS = 2048;

/** What proves the application to the sign-in service instead of a secret. */
export interface ClientCertificate {
  /** PEM, the application's own certificate first, then those above it as far as the file has them. */
  readonly chainPem: string;
  /** PKCS#8 PEM. */
  readonly key: Secret;
  /** SHA-256 of the certificate, hexadecimal. */
  readonly thumbprintSha256: string;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

/**
 * Reads certificate and key and sees whether they belong together. Throws AppError `invalid` that names everything that is wrong
 * with either file at once; the key file must be as private as any secret (`readSecret`).
 */
export function readClientCertificate(
  certFile: string,
  keyFile: string,
  credentialsDirectory?: string,
): ClientCertificate {
  const problems: AppError[] = [];
  const chain = attempt(problems, () => readChain(certFile));
  const key = attempt(problems, () => readKey(keyFile, credentialsDirectory));
  const [leaf] = chain ?? [];
  if (leaf === undefined || key === null) throw together(problems);
  if (!leaf.checkPrivateKey(key)) throw refusal('CLIENT_CERTIFICATE_MISMATCH', mismatch(certFile, keyFile));
  return {
    chainPem: (chain ?? []).map((one) => one.toString()).join(''),
    key: new Secret(String(key.export({ type: 'pkcs8', format: 'pem' }))),
    thumbprintSha256: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
    endsAt: leaf.validToDate.getTime(),
  };
}

/** When the first certificate of a PEM text ends, in epoch milliseconds. Throws Node's error when there is none. */
export function certificateEnd(pem: string): number {
  return new X509Certificate(pem).validToDate.getTime();
}

function readChain(file: string): X509Certificate[] {
  const blocks = readText(file).match(PEM_BLOCK) ?? [];
  if (blocks.length === 0)
    throw refusal('CLIENT_CERTIFICATE_INVALID', `${file} holds no certificate in PEM form.`);
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch (cause) {
    throw refusal('CLIENT_CERTIFICATE_INVALID', `${file} holds a certificate that can't be read.`, cause);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const message = `${file} can't be read: check that it exists and who owns it.`;
    throw refusal('CLIENT_CERTIFICATE_UNREADABLE', message, cause);
  }
}

function readKey(file: string, credentialsDirectory: string | undefined): KeyObject {
  const secret = readSecret(file, credentialsDirectory);
  const key = parsedKey(file, secret);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType === 'rsa' && bits >= MIN_BITS) return key;
  throw refusal(
    'CLIENT_KEY_KIND',
    `${file} holds another key than the sign-in service takes: RSA, ${MIN_BITS} bits or more.`,
  );
}

function parsedKey(file: string, secret: Secret): KeyObject {
  try {
    return createPrivateKey(secret.reveal());
  } catch {
    // The library's error may quote the file.
    throw refusal('CLIENT_KEY_INVALID', `${file} holds no private key in PEM form without a passphrase.`);
  }
}

function attempt<T>(problems: AppError[], read: () => T): T | null {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    problems.push(thrown);
    return null;
  }
}

function together(problems: readonly AppError[]): AppError {
  const [first] = problems;
  const message = problems.map((problem) => problem.message).join(' ');
  return refusal(first?.reason ?? 'CLIENT_CERTIFICATE_INVALID', message);
}

function mismatch(certFile: string, keyFile: string): string {
  return `${certFile} and ${keyFile} do not belong together: the application's own certificate must stand first, and the key must be its own.`;
}

function refusal(reason: string, message: string, cause?: unknown): AppError {
  return new AppError({ code: 'invalid', reason, message, cause });
}
