import { z } from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { Clock, GrantedSubscription, RemoteSubscription, SubscriptionUrls } from '../domain/ports.ts';
import { type GraphCall, type GraphClient, unreadable } from './client.ts';
import { errorBody } from './graph-error.ts';
import { readPages } from './pages.ts';

/** Graph allows "under seven days" (reference: graph.md 2.1). */
const LIFE_MS = (6 * 24 + 23) * 60 * 60_000;
/** Graph shakes hands with both our addresses before it answers. */
const CREATE_TIMEOUT_MS = 45_000;
const ROOT = ['subscriptions'] as const;

const GRANTED = z.object({ id: z.string().min(1), expirationDateTime: z.string() });
const REMOTE = GRANTED.extend({ notificationUrl: z.string(), resource: z.string() });

/** Creates the subscription to a mailbox's events; a twin left by a lost answer is replaced once (graph.md 2.3). */
export async function createSubscription(
  client: GraphClient,
  clock: Clock,
  guid: string,
  urls: SubscriptionUrls,
  clientState: string,
): Promise<GrantedSubscription> {
  const call = creation(client, clock, guid, urls, clientState);
  const first = await client.call(call);
  if (first.kind === 'done') return granted(first.json);
  if (first.refusal.status !== 409) throw first.error;
  await deleteTwins(client, guid, urls.notification);
  return granted(await client.demand(call));
}

function creation(
  client: GraphClient,
  clock: Clock,
  guid: string,
  urls: SubscriptionUrls,
  clientState: string,
): GraphCall {
  const body = {
    changeType: 'created,updated,deleted',
    resource: `/users/${guid}/events`,
    notificationUrl: urls.notification,
    // Only at creation: it can't be added later.
    lifecycleNotificationUrl: urls.lifecycle,
    expirationDateTime: expiry(clock),
    clientState,
    latestSupportedTlsVersion: 'v1_2',
  };
  return {
    method: 'POST',
    url: client.urlOf(ROOT),
    mailbox: guid.toLowerCase(),
    body,
    timeoutMs: CREATE_TIMEOUT_MS,
  };
}

async function deleteTwins(client: GraphClient, guid: string, notificationUrl: string): Promise<void> {
  const resource = comparable(`users/${guid}/events`);
  const all = await listSubscriptions(client);
  const twins = all.filter(
    (one) => comparable(one.resource) === resource && one.notificationUrl === notificationUrl,
  );
  if (twins.length === 0) throw foreignTwin();
  for (const twin of twins) await deleteSubscription(client, twin.id);
}

function comparable(resource: string): string {
  return resource.replace(/^\/+/, '').toLowerCase();
}

/** Null when Graph no longer knows it. */
export async function renewSubscription(
  client: GraphClient,
  clock: Clock,
  id: string,
): Promise<GrantedSubscription | null> {
  const body = { expirationDateTime: expiry(clock) };
  const answer = await client.call({
    method: 'PATCH',
    url: client.urlOf([...ROOT, id]),
    mailbox: null,
    ofMailbox: true,
    body,
  });
  if (answer.kind === 'done') return granted(answer.json);
  if (saysUnknown(answer.refusal.status, answer.refusal.text)) return null;
  throw answer.error;
}

/** False when Graph no longer knows it (reference: graph.md 2.5). */
export async function reauthorizeSubscription(client: GraphClient, id: string): Promise<boolean> {
  const url = client.urlOf([...ROOT, id, 'reauthorize']);
  const answer = await client.call({ method: 'POST', url, mailbox: null, idempotent: true });
  if (answer.kind === 'done') return true;
  if (saysUnknown(answer.refusal.status, answer.refusal.text)) return false;
  throw answer.error;
}

/** One that is gone already is as good as deleted. */
export async function deleteSubscription(client: GraphClient, id: string): Promise<void> {
  const answer = await client.call({ method: 'DELETE', url: client.urlOf([...ROOT, id]), mailbox: null });
  if (answer.kind === 'refused' && !saysUnknown(answer.refusal.status, answer.refusal.text))
    throw answer.error;
}

/** All subscriptions of this application. */
export async function listSubscriptions(client: GraphClient): Promise<RemoteSubscription[]> {
  const rows = await readPages(client, client.urlOf(ROOT), null);
  return rows.map((row) => {
    const { id, expirationDateTime, notificationUrl, resource } =
      REMOTE.safeParse(row).data ?? raiseUnreadable();
    return { id, expiresAt: instant(expirationDateTime), notificationUrl, resource };
  });
}

// The body must be Graph's own: the 404 of a proxy says nothing about a subscription.
function saysUnknown(status: number, text: string): boolean {
  return status === 404 && errorBody(text).code !== '';
}

/** The answer's expiry is the truth, whatever was asked for. */
function granted(json: unknown): GrantedSubscription {
  const { id, expirationDateTime } = GRANTED.safeParse(json).data ?? raiseUnreadable();
  return { id, expiresAt: instant(expirationDateTime) };
}

function expiry(clock: Clock): string {
  return new Date(clock.now() + LIFE_MS).toISOString();
}

function instant(text: string): number {
  const at = Date.parse(text);
  return Number.isNaN(at) ? raiseUnreadable() : at;
}

function raiseUnreadable(): never {
  throw unreadable();
}

function foreignTwin(): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'GRAPH_SUBSCRIPTION_TWIN',
    message:
      'Another installation with the same app registration watches this mailbox: stop it, or wait until its subscription ends.',
    scope: 'mailbox',
    upstream: 'graph',
  });
}
