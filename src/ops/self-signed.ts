import 'reflect-metadata';
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 24 * 60 * 60 * 1000;
const LIFE_DAYS = 825;
const RENEW_DAYS = 30;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const IP = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]*)$/i;

export interface ServerCertificate {
  readonly certPem: string;
  readonly keyPem: string;
}

export interface SelfSignedOptions {
  /** Made when missing, mode 0700. */
  readonly directory: string;
  /** Host names and IP addresses that the certificate is for. */
  readonly names: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The certificate of the admin listener when none is configured: made once, kept in the directory (key mode 0600), made anew
 * in its last 30 days or when the files do not fit together. Rejects with Node's error when the directory can't be written.
 */
export async function selfSignedCertificate(o: SelfSignedOptions): Promise<ServerCertificate> {
  const kept = await readKept(o.directory);
  if (kept !== null && stillGood(kept, o)) return kept;
  const made = await make(o);
  await mkdir(o.directory, { recursive: true, mode: 0o700 });
  await replace(join(o.directory, 'admin-key.pem'), made.keyPem, 0o600);
  await replace(join(o.directory, 'admin-cert.pem'), made.certPem, 0o644);
  return made;
}

async function readKept(directory: string): Promise<ServerCertificate | null> {
  try {
    const certPem = await readFile(join(directory, 'admin-cert.pem'), 'utf8');
    return { certPem, keyPem: await readFile(join(directory, 'admin-key.pem'), 'utf8') };
  } catch {
    return null;
  }
}

function stillGood(kept: ServerCertificate, o: SelfSignedOptions): boolean {
  try {
    const certificate = new X509Certificate(kept.certPem);
    const covers = (name: string) =>
      IP.test(name) ? certificate.checkIP(name) : certificate.checkHost(name);
    const fresh = certificate.validToDate.getTime() - o.now > RENEW_DAYS * DAY_MS;
    return fresh && o.names.every(covers) && certificate.checkPrivateKey(createPrivateKey(kept.keyPem));
  } catch {
    return false;
  }
}

async function make(o: SelfSignedOptions): Promise<ServerCertificate> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=hybrid-calendar',
    keys,
    signingAlgorithm: ALGORITHM,
    // A clock that is a little behind elsewhere must not refuse it.
    notBefore: new Date(o.now - DAY_MS),
    notAfter: new Date(o.now + LIFE_DAYS * DAY_MS),
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.ExtendedKeyUsageExtension([SERVER_AUTH]),
      new x509.SubjectAlternativeNameExtension(
        o.names.map((value) => ({ type: IP.test(value) ? 'ip' : 'dns', value })),
      ),
    ],
  });
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { certPem: certificate.toString('pem'), keyPem: x509.PemConverter.encode(der, 'PRIVATE KEY') };
}

/** Whole or not at all: a crash in between leaves the old file. */
async function replace(path: string, text: string, mode: number): Promise<void> {
  await writeFile(`${path}.new`, text, { mode });
  await rename(`${path}.new`, path);
}
