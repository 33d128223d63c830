import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError } from '../domain/app-error.ts';
import { readSecret, type Secret } from './secrets.ts';

const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** A certificate file and its key, seen to belong together. */
export interface CertificatePair {
  /** PEM, the own certificate first, then those above it as far as the file has them. */
  readonly chainPem: string;
  readonly leaf: X509Certificate;
  readonly key: KeyObject;
}

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
  /** Systemd's directory of credentials, where there is one. */
  readonly credentialsDirectory: string | undefined;
}

/**
 * Reads certificate and key. Throws AppError `invalid` that names everything that is wrong with either file at once; the key file
 * must be as private as any secret (`readSecret`). `refuseKey` gives what is wrong with a readable key, or null.
 */
export function readCertificatePair(
  files: CertificateFiles,
  refuseKey: (key: KeyObject) => string | null = () => null,
): CertificatePair {
  const { certFile, keyFile } = files;
  const problems: AppError[] = [];
  const chain = attempt(problems, () => readChain(certFile));
  const key = attempt(problems, () => readKey(files, refuseKey));
  const [leaf] = chain ?? [];
  if (leaf === undefined || key === null) throw together(problems);
  if (!leaf.checkPrivateKey(key)) throw refusal('CERTIFICATE_MISMATCH', mismatch(certFile, keyFile));
  return { chainPem: (chain ?? []).map((one) => one.toString()).join(''), leaf, key };
}

function readChain(file: string): X509Certificate[] {
  const blocks = readText(file).match(PEM_BLOCK) ?? [];
  if (blocks.length === 0) throw refusal('CERTIFICATE_INVALID', `${file} holds no certificate in PEM form.`);
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch (cause) {
    throw refusal('CERTIFICATE_INVALID', `${file} holds a certificate that can't be read.`, cause);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const message = `${file} can't be read: check that it exists and who owns it.`;
    throw refusal('CERTIFICATE_UNREADABLE', message, cause);
  }
}

function readKey(files: CertificateFiles, refuseKey: (key: KeyObject) => string | null): KeyObject {
  const key = parsedKey(files.keyFile, readSecret(files.keyFile, files.credentialsDirectory));
  const problem = refuseKey(key);
  if (problem !== null) throw refusal('CERTIFICATE_KEY_KIND', `${files.keyFile} ${problem}`);
  return key;
}

function parsedKey(file: string, secret: Secret): KeyObject {
  try {
    return createPrivateKey(secret.reveal());
  } catch {
    // The library's error may quote the file.
    throw refusal(
      'CERTIFICATE_KEY_INVALID',
      `${file} holds no private key in PEM form without a passphrase.`,
    );
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
  return refusal(first?.reason ?? 'CERTIFICATE_INVALID', message);
}

function mismatch(certFile: string, keyFile: string): string {
  return `${certFile} and ${keyFile} do not belong together: the own certificate must stand first, and the key must be its own.`;
}

function refusal(reason: string, message: string, cause?: unknown): AppError {
  return new AppError({ code: 'invalid', reason, message, cause });
}
