import { Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import type { MercuryHub } from '../webex/mercury-hub.ts';
import { refuseUnknown } from '../webex/unknown-path.ts';
import { webexError } from '../webex/webex-error.ts';
import { authenticateWebex, type WebexAccount } from '../webex/webex-token.ts';
import { type Answered, answerMessage, forgetChannels, resetMessage } from './kms-channel.ts';
import { KMS_FAULT, KMS_SIGNATURE, setFault, setSignature, takeFault } from './kms-faults.ts';
import { KMS_CLUSTER, kmsIdentity, publicJwk } from './kms-identity.ts';

const MESSAGES = z.object({
  destination: z.literal(KMS_CLUSTER),
  kmsMessages: z.array(z.string().max(262_144)).min(1).max(50),
});

/** The KMS and the encryption service in front of it (reference: webex.md 2.1, 2.2). */
export function kmsService(context: CloudContext, mercury: MercuryHub): Hono {
  const app = new Hono();
  app.use('/kms/*', async (c, next) => (takeFault(context, 'down') ? webexError(c, 503) : next()));
  app.get('/kms/:userId', async (c) => {
    const account = authenticateWebex(context, c.req.raw);
    if (account === null) return webexError(c, 401);
    if (account.userId !== c.req.param('userId').toLowerCase()) return webexError(c, 403);
    const identity = kmsIdentity(context);
    const jwk = await publicJwk(identity, context.clock.now(), takeFault(context, 'wrong-chain'));
    const { machineAccountId: kmsMachineAccountId } = identity;
    return c.json({ kmsCluster: KMS_CLUSTER, rsaPublicKey: JSON.stringify(jwk), kmsMachineAccountId });
  });
  app.post('/kms/messages', async (c) => {
    const account = authenticateWebex(context, c.req.raw);
    if (account === null) return webexError(c, 401);
    const order = MESSAGES.safeParse(await c.req.json().catch(() => null));
    if (!order.success) return webexError(c, 400, 'destination and kmsMessages are needed');
    const answers = await Promise.all(order.data.kmsMessages.map((one) => answerMessage(context, one)));
    if (c.req.query('wait') === '1') return c.json({ kmsMessages: answers.map((one) => one.message) });
    for (const answer of answers) pushAnswer(mercury, account, answer);
    return c.json({}, 202);
  });
  refuseUnknown(app, ['/kms']);
  return app;
}

// To the device that asked where it is connected, else to all of the user's.
function pushAnswer(mercury: MercuryHub, account: WebexAccount, { message, clientId }: Answered): void {
  const encryption = { kmsMessages: [message], destination: KMS_CLUSTER };
  const data = { eventType: 'encryption.kms_message', encryption };
  if (mercury.push(account.userId, data, clientId) === 0) mercury.push(account.userId, data);
}

/** Misbehaviour on demand. */
export function kmsControl(context: CloudContext): Hono {
  const app = new Hono();
  app.post('/control/kms/fault', async (c) => {
    const fault = KMS_FAULT.safeParse(await c.req.json().catch(() => null));
    if (!fault.success) return c.json({ message: 'unknown fault' }, 400);
    setFault(context, fault.data);
    return c.json({});
  });
  app.post('/control/kms/signature', async (c) => {
    const signature = KMS_SIGNATURE.safeParse(await c.req.json().catch(() => null));
    if (!signature.success) return c.json({ message: 'unknown algorithm' }, 400);
    setSignature(context, signature.data);
    return c.json({});
  });
  app.post('/control/kms/reset', async (c) => {
    forgetChannels(context);
    return c.json({ message: await resetMessage(context) });
  });
  return app;
}
