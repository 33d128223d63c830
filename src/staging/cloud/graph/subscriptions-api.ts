import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import type { AppRegistration } from '../directory.ts';
import { mailboxState, relayedRefusal } from './faults/mailbox-state.ts';
import { jsonText, queryOf, requireApp } from './graph-call.ts';
import { GraphRefusal } from './graph-refusal.ts';
import { graphState } from './graph-state.ts';
import { appName } from './graph-writes.ts';
import { shakeHands } from './handshake.ts';
import { findOwner } from './mailbox-owner.ts';
import { readSubscription, readSubscriptionUpdate, type SubscriptionInput } from './subscription-input.ts';
import type { Subscription } from './subscription-table.ts';

const PAGE = 100;
// All applications together (reference: graph.md 2.10).
const MOST_PER_MAILBOX = 1000;

/** Subscriptions to the events of one mailbox (reference: graph.md 2.1 to 2.3). */
export function subscriptionRoutes(context: CloudContext): Hono {
  const app = new Hono();
  app.get('/v1.0/subscriptions', (c) => list(context, c));
  app.post('/v1.0/subscriptions', async (c) => await create(context, c));
  app.get('/v1.0/subscriptions/:s', (c) => c.json(view(context, requireOwn(context, c).subscription)));
  app.patch('/v1.0/subscriptions/:s', async (c) => await update(context, c));
  app.delete('/v1.0/subscriptions/:s', (c) => remove(context, c));
  app.post('/v1.0/subscriptions/:s/reauthorize', (c) => reauthorize(context, c));
  return app;
}

async function create(context: CloudContext, c: Context): Promise<Response> {
  const app = authorised(context, c);
  const { subscriptions, client } = graphState(context);
  const input = readSubscription(context, await jsonText(c));
  refuseByState(context, app, input);
  refuseTwin(context, app, input);
  refuseOverLimit(context, input);
  await shakeHands(client, input.notificationUrl);
  if (typeof input.lifecycleNotificationUrl === 'string')
    await shakeHands(client, input.lifecycleNotificationUrl);
  // Another call may have made it during the handshakes.
  refuseTwin(context, app, input);
  const made: Subscription = {
    id: randomUUID(),
    applicationId: app.clientId,
    mailbox: input.mailbox,
    resource: input.resource,
    changeType: input.changeType,
    clientState: input.clientState ?? null,
    notificationUrl: input.notificationUrl,
    lifecycleNotificationUrl: input.lifecycleNotificationUrl ?? null,
    expirationDateTime: input.expirationDateTime,
  };
  subscriptions.put(made);
  tell(context, app, 'subscribes to', made);
  return c.json({ ...view(context, made), clientState: made.clientState }, 201);
}

function list(context: CloudContext, c: Context): Response {
  const { clientId } = authorised(context, c);
  const own = graphState(context).subscriptions.ofApplication(clientId);
  const from = Number(queryOf(c).get('$skiptoken') ?? 0);
  const next = from + PAGE;
  return c.json({
    '@odata.context': `${context.baseUrl}/v1.0/$metadata#subscriptions`,
    value: own.slice(from, next).map(members),
    ...(next < own.length
      ? { '@odata.nextLink': `${context.baseUrl}/v1.0/subscriptions?$skiptoken=${next}` }
      : {}),
  });
}

async function update(context: CloudContext, c: Context): Promise<Response> {
  requireOwn(context, c);
  const change = readSubscriptionUpdate(context, await jsonText(c));
  const { client, subscriptions } = graphState(context);
  if (change.notificationUrl !== undefined) await shakeHands(client, change.notificationUrl);
  const { app, subscription } = requireOwn(context, c);
  const changed: Subscription = {
    ...subscription,
    notificationUrl: change.notificationUrl ?? subscription.notificationUrl,
    expirationDateTime: change.expirationDateTime ?? subscription.expirationDateTime,
  };
  // A renewal reauthorises as well (reference: graph.md 2.5).
  if (change.expirationDateTime === undefined) subscriptions.put(changed);
  else resume(context, changed);
  tell(context, app, 'renews its subscription to', changed);
  return c.json(view(context, changed));
}

function remove(context: CloudContext, c: Context): Response {
  const { app, subscription } = requireOwn(context, c);
  graphState(context).subscriptions.delete(subscription);
  tell(context, app, 'ends its subscription to', subscription);
  return c.body(null, 204);
}

function reauthorize(context: CloudContext, c: Context): Response {
  const { app, subscription } = requireOwn(context, c);
  resume(context, subscription);
  tell(context, app, 'reauthorises its subscription to', subscription);
  return c.body(null, 204);
}

function resume(context: CloudContext, { suspended, ...subscription }: Subscription): void {
  const { subscriptions, courier } = graphState(context);
  subscriptions.put(subscription);
  if (suspended === true) courier.release(subscription.id);
}

function authorised(context: CloudContext, c: Context): AppRegistration {
  return requireApp(context, c, 'Calendars.Read', 'Calendars.ReadWrite');
}

function requireOwn(context: CloudContext, c: Context): { app: AppRegistration; subscription: Subscription } {
  const app = authorised(context, c);
  const subscription = graphState(context).subscriptions.get(c.req.param('s') ?? '');
  if (subscription !== undefined && subscription.applicationId === app.clientId) return { app, subscription };
  throw new GraphRefusal(404, 'ResourceNotFound', 'The object was not found.');
}

function refuseTwin(context: CloudContext, app: AppRegistration, input: SubscriptionInput): void {
  const kinds = (changeType: string): string => changeType.split(',').toSorted().join();
  const twin = graphState(context)
    .subscriptions.onMailbox(input.mailbox)
    .find((one) => one.applicationId === app.clientId && kinds(one.changeType) === kinds(input.changeType));
  if (twin === undefined) return;
  const message = `Subscription Id ${twin.id} already exists for the requested combination`;
  throw new GraphRefusal(409, 'ObjectIdentifierInUse', message);
}

// What is wrong with a mailbox comes back relayed (reference: graph.md 2.3).
function refuseByState(context: CloudContext, app: AppRegistration, { mailbox }: SubscriptionInput): void {
  const state = mailboxState(context, appName(context, app), mailbox);
  const refusal = state === null ? null : relayedRefusal(state);
  if (refusal !== null) throw refusal;
}

function refuseOverLimit(context: CloudContext, { mailbox }: SubscriptionInput): void {
  if (graphState(context).subscriptions.onMailbox(mailbox).length < MOST_PER_MAILBOX) return;
  const message = `Subscription quota of the mailbox is exceeded: ${MOST_PER_MAILBOX} active subscriptions.`;
  throw new GraphRefusal(403, 'ExtensionError', message);
}

function view(context: CloudContext, subscription: Subscription): object {
  return {
    '@odata.context': `${context.baseUrl}/v1.0/$metadata#subscriptions/$entity`,
    ...members(subscription),
  };
}

function members({ mailbox: _mailbox, suspended: _suspended, ...subscription }: Subscription): object {
  return {
    ...subscription,
    clientState: null,
    notificationQueryOptions: null,
    creatorId: subscription.applicationId,
    includeResourceData: false,
    latestSupportedTlsVersion: 'v1_2',
    encryptionCertificate: null,
    encryptionCertificateId: null,
    notificationUrlAppId: null,
  };
}

function tell(context: CloudContext, app: AppRegistration, verb: string, { mailbox }: Subscription): void {
  const who = appName(context, app) === 'appliance' ? 'the appliance' : app.displayName;
  context.tell({
    where: 'graph',
    what: `${who} ${verb} the calendar of ${findOwner(context, mailbox)?.name}`,
  });
}
