import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificatePem, hostCertificate, type Issuer, rootCertificate } from './kms/certificate.ts';

export interface ServerCertificate {
  readonly certPem: string;
  readonly keyPem: string;
}

/** The installation's own certificate authority: made at the first start, kept below its directory. */
export class CertificateAuthority {
  readonly caPem: string;
  readonly caFile: string;
  readonly #issuer: Issuer;

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const keyFile = join(directory, 'ca-key.pem');
    this.caFile = join(directory, 'ca.pem');
    if (!existsSync(keyFile)) writeFileSync(keyFile, pem(makeKey()), { mode: 0o600 });
    this.#issuer = {
      name: 'Hybrid Calendar staging CA',
      privateKey: createPrivateKey(readFileSync(keyFile)),
    };
    if (!existsSync(this.caFile))
      writeFileSync(this.caFile, certificatePem(rootCertificate(this.#issuer, Date.now())));
    this.caPem = readFileSync(this.caFile, 'utf8');
  }

  /** A server certificate for localhost and 127.0.0.1. */
  issue(): ServerCertificate {
    const key = makeKey();
    const der = hostCertificate(this.#issuer, 'localhost', createPublicKey(key), Date.now(), ['127.0.0.1']);
    return { certPem: certificatePem(der), keyPem: pem(key) };
  }
}

function makeKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}

function pem(key: KeyObject): string {
  return String(key.export({ type: 'pkcs8', format: 'pem' }));
}
