import { X509Certificate } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { registrationOf } from './access-token.ts';
import { registerCertificate } from './app-certificates.ts';

const CERTIFICATE = z.object({ clientId: z.string(), certPem: z.string().max(16_384).refine(isCertificate) });

/** What an administrator does in the portal. */
export function loginControl(context: CloudContext): Hono {
  const app = new Hono();
  app.post('/control/login/certificate', async (c) => {
    const order = CERTIFICATE.safeParse(await c.req.json().catch(() => null));
    if (!order.success) return c.json({ message: 'send {"clientId": …, "certPem": a certificate}' }, 400);
    const registration = registrationOf(context, order.data.clientId);
    if (registration === null) return c.json({ message: 'no such application' }, 404);
    registerCertificate(context, registration.clientId, order.data.certPem);
    context.tell({ where: 'login', what: `${registration.displayName} has a certificate` });
    return c.json({});
  });
  return app;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).publicKey.asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
