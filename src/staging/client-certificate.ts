import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { CLIENT_CERTIFICATE, CLIENT_KEY } from './appliance-config.ts';
import { hostCertificate, makeRsaKey } from './cloud/certificate.ts';
import type { Layout } from './layout.ts';

const SUBJECT = 'hybrid-calendar-appliance';

export interface CertificateOrder {
  readonly controlUrl: string;
  readonly clientId: string;
}

/** Makes the appliance's certificate for the login, once, and registers it there, as an administrator would. */
export async function registerClientCertificate(layout: Layout, order: CertificateOrder): Promise<void> {
  const certFile = join(layout.secrets, CLIENT_CERTIFICATE);
  const keyFile = join(layout.secrets, CLIENT_KEY);
  if (!existsSync(certFile)) {
    const { certPem, keyPem } = await selfSigned();
    // The certificate last: it tells that both are there.
    layout.write(keyFile, keyPem);
    layout.write(certFile, certPem);
  }
  await register(layout, order, readFileSync(certFile, 'utf8'));
}

async function selfSigned(): Promise<{ certPem: string; keyPem: string }> {
  const privateKey = await makeRsaKey();
  const made = await hostCertificate({ name: SUBJECT, privateKey }, SUBJECT, privateKey, Date.now());
  return {
    certPem: made.toString('pem'),
    keyPem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
}

async function register(layout: Layout, o: CertificateOrder, certPem: string): Promise<void> {
  const dispatcher = new Agent({ connect: { ca: readFileSync(layout.caFile, 'utf8') } });
  try {
    const { statusCode, body } = await request(`${o.controlUrl}/login/certificate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ clientId: o.clientId, certPem }),
      dispatcher,
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`the certificate was refused: ${text}`);
  } finally {
    await dispatcher.close();
  }
}
