import { createPrivateKey, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostCertificate, type Issuer, makeRsaKey, rootCertificate } from './certificate.ts';

export interface ServerCertificate {
  readonly certPem: string;
  readonly keyPem: string;
}

/** The installation's own certificate authority: made at the first start, kept below its directory. */
export class CertificateAuthority {
  readonly caPem: string;
  readonly #directory: string;
  readonly #issuer: Issuer;

  private constructor(directory: string, issuer: Issuer, caPem: string) {
    this.#directory = directory;
    this.#issuer = issuer;
    this.caPem = caPem;
  }

  /** Its own certificate is `ca.pem` in the directory. */
  static async open(directory: string): Promise<CertificateAuthority> {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const keyPem = await kept(join(directory, 'ca-key.pem'), async () => pem(await makeRsaKey()));
    const issuer: Issuer = { name: 'Hybrid Calendar staging CA', privateKey: createPrivateKey(keyPem) };
    const caPem = await kept(join(directory, 'ca.pem'), async () =>
      (await rootCertificate(issuer, Date.now())).toString('pem'),
    );
    return new CertificateAuthority(directory, issuer, caPem);
  }

  /** A server certificate for localhost and 127.0.0.1. */
  async issue(): Promise<ServerCertificate> {
    const key = await makeRsaKey();
    const made = await hostCertificate(this.#issuer, 'localhost', key, Date.now(), ['127.0.0.1']);
    return { certPem: made.toString('pem'), keyPem: pem(key) };
  }

  /** Issues a certificate for the appliance's listeners, once, and keeps it for whoever installs the appliance. */
  async issueForListeners(): Promise<void> {
    await kept(join(this.#directory, LISTENERS), async () => JSON.stringify(await this.issue()));
  }
}

const LISTENERS = 'listeners.json';

/** The certificate of `issueForListeners` in the authority's directory. Throws when the authority was never opened there. */
export function listenerCertificate(directory: string): ServerCertificate {
  const { certPem, keyPem }: ServerCertificate = JSON.parse(readFileSync(join(directory, LISTENERS), 'utf8'));
  return { certPem, keyPem };
}

/** The text of a file that is made when it is missing: whole or not at all, for its owner only. */
async function kept(file: string, make: () => Promise<string>): Promise<string> {
  if (!existsSync(file)) {
    writeFileSync(`${file}.new`, await make(), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return readFileSync(file, 'utf8');
}

function pem(key: KeyObject): string {
  return String(key.export({ type: 'pkcs8', format: 'pem' }));
}
