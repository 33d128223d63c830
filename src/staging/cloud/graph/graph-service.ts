import { Hono } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import { eventRoutes } from './events-api.ts';
import { requireApp } from './graph-call.ts';
import { GraphRefusal, refusalAnswer } from './graph-refusal.ts';
import { graphState } from './graph-state.ts';
import { refuseUnrouted } from './known-operations.ts';
import { requireOwner } from './mailbox-owner.ts';
import { mailboxSettings } from './mailbox-settings.ts';
import { subscriptionRoutes } from './subscriptions-api.ts';

export interface GraphService {
  readonly app: Hono;
  /** Begins to deliver notifications, those left from before included. */
  start(): void;
  /** Breaks off deliveries; afterwards nothing touches the disk any more. */
  stop(): Promise<void>;
}

/** The simulated Microsoft Graph v1.0: strict about what it takes, kept on disk. */
export function graphService(context: CloudContext): GraphService {
  const state = graphState(context);
  const app = new Hono();
  app.use('/v1.0/*', async (c, next) => {
    state.faults.strike(c.req.method, c.req.path);
    requireApp(context, c);
    await next();
    const requestId = c.req.header('client-request-id');
    if (requestId !== undefined) c.header('client-request-id', requestId);
  });
  app.route('/', eventRoutes(context));
  app.route('/', subscriptionRoutes(context));
  app.get('/v1.0/users/:u/mailboxSettings', (c) => {
    requireApp(context, c, 'MailboxSettings.Read', 'MailboxSettings.ReadWrite');
    return c.json(mailboxSettings(context, requireOwner(context, c.req.param('u'))));
  });
  app.all('/v1.0/*', (c) => {
    throw refuseUnrouted(c.req.path);
  });
  app.onError((error, c) => {
    if (error instanceof GraphRefusal) return refusalAnswer(context, c, error);
    throw error;
  });
  return { app, start: () => state.notifier.start(), stop: () => state.notifier.stop() };
}
