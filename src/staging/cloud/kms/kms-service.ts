import { Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import type { MercuryHub } from '../webex/mercury-hub.ts';
import { refuseUnknown } from '../webex/unknown-path.ts';
import { webexError } from '../webex/webex-error.ts';
import { authenticateWebex } from '../webex/webex-token.ts';
import { KmsAnswers } from './kms-answers.ts';
import { type Answered, answerMessage, forgetChannels, resetMessage } from './kms-channel.ts';
import { KMS_FAULT, KMS_SIGNATURE, setFault, setSignature, takeFault, takeOneOf } from './kms-faults.ts';
import { KMS_CLUSTER, kmsIdentity, publicJwk } from './kms-identity.ts';

const CHAIN_FLAWS = ['wrong-chain', 'wrong-host', 'expired-certificate', 'other-key'] as const;
const THROTTLED_S = '1';

const MESSAGES = z.object({
  destination: z.literal(KMS_CLUSTER),
  kmsMessages: z.array(z.string().max(262_144)).min(1).max(50),
});

/** The KMS and the encryption service in front of it (reference: webex.md 2.1, 2.2). */
export function kmsService(context: CloudContext, mercury: MercuryHub): Hono {
  const app = new Hono();
  const kmsAnswers = new KmsAnswers(context);
  app.use('/kms/*', async (c, next) => {
    if (takeFault(context, 'down')) return webexError(c, 503);
    if (!takeFault(context, 'throttle')) return next();
    c.header('retry-after', THROTTLED_S);
    return webexError(c, 429);
  });
  app.get('/kms/:userId', async (c) => {
    const account = authenticateWebex(context, c.req.raw);
    if (account === null) return webexError(c, 401);
    if (account.userId !== c.req.param('userId').toLowerCase()) return webexError(c, 403);
    const identity = kmsIdentity(context);
    const jwk = await publicJwk(identity, context.clock.now(), takeOneOf(context, CHAIN_FLAWS));
    const { machineAccountId: kmsMachineAccountId } = identity;
    return c.json({ kmsCluster: KMS_CLUSTER, rsaPublicKey: JSON.stringify(jwk), kmsMachineAccountId });
  });
  app.post('/kms/messages', async (c) => {
    const account = authenticateWebex(context, c.req.raw);
    if (account === null) return webexError(c, 401);
    const order = MESSAGES.safeParse(await c.req.json().catch(() => null));
    if (!order.success) return webexError(c, 400, 'destination and kmsMessages are needed');
    const made = await Promise.all(order.data.kmsMessages.map((one) => answerMessage(context, one)));
    const answers = kmsAnswers.underWay(account.userId, made);
    if (c.req.query('wait') === '1') return c.json({ kmsMessages: answers.map((one) => one.message) });
    for (const answer of answers) pushAnswer(mercury, account.userId, answer);
    return c.json({}, 202);
  });
  refuseUnknown(app, ['/kms']);
  return app;
}

// To the device that asked where it is connected, else to all of the user's.
function pushAnswer(mercury: MercuryHub, userId: string, { message, clientId }: Answered): void {
  const encryption = { kmsMessages: [message], destination: KMS_CLUSTER };
  const data = { eventType: 'encryption.kms_message', encryption };
  if (mercury.push(userId, data, clientId) === 0) mercury.push(userId, data);
}

/** Misbehaviour on demand. */
export function kmsControl(context: CloudContext, mercury: MercuryHub): Hono {
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
    const owners = forgetChannels(context);
    const message = await resetMessage(context);
    for (const { userId, clientId } of owners) pushAnswer(mercury, userId, { message, clientId });
    return c.json({ message });
  });
  return app;
}
