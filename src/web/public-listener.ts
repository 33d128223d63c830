import { createHash, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { Clock } from '../domain/ports.ts';
import type { InboxRow, SubscriptionRow } from '../domain/rows.ts';
import { isJson, parseJson, readText } from './body.ts';
import { securityHeaders } from './guard.ts';
import { type LifecycleEvent, type NotificationItem, readBatch } from './notification.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_TOKEN_BYTES = 4096;
/** Compared against when the subscription is unknown, so that knowing and not knowing take the same time. */
const NOBODY = createHash('sha256').update('no subscription').digest();

export type NotificationResult =
  | 'accepted'
  | 'unknown-subscription'
  | 'wrong-client-state'
  | 'wrong-tenant'
  | 'malformed';

export interface LifecycleItem {
  readonly subscriptionId: string;
  readonly mailboxId: number;
  readonly event: LifecycleEvent;
}

export interface PublicDeps {
  /** The tenant this appliance serves. */
  readonly tenantId: string;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  subscription(id: string): SubscriptionRow | null;
  /** Resolves after the commit of all hints; a rejection is answered 503 and Graph sends the batch again. */
  accept(hints: readonly InboxRow[]): Promise<void>;
  /** The same for lifecycle notifications. */
  acceptLifecycle(items: readonly LifecycleItem[]): Promise<void>;
  count(result: NotificationResult, n: number): void;
  /** A request to one of the two addresses was answered. */
  answered(durationMs: number): void;
}

/**
 * The listener that the internet reaches: Graph's two notification addresses and nothing else. A stranger learns nothing: forged,
 * unknown and stale notifications are answered like good ones (reference: graph.md 2.4).
 */
export function publicApp(deps: PublicDeps): Hono {
  const app = new Hono();
  app.use(securityHeaders());
  app.post('/graph/notifications', (c) => timed(deps, () => receive(c, deps)));
  app.post('/graph/lifecycle', (c) => timed(deps, () => receive(c, deps)));
  app.notFound((c) => c.body(null, 404));
  app.onError((_, c) => c.body(null, 503));
  return app;
}

async function timed<T>(deps: PublicDeps, answer: () => Promise<T>): Promise<T> {
  const began = deps.clock.monotonicMs();
  try {
    return await answer();
  } finally {
    deps.answered(deps.clock.monotonicMs() - began);
  }
}

/** Both addresses take both kinds, since Graph sends lifecycle items to the first when it was given only one. */
async function receive(c: Context, deps: PublicDeps): Promise<Response> {
  const token = c.req.query('validationToken');
  if (token !== undefined) return handshake(c, token);
  const text = await readText(c.req.raw, MAX_BODY_BYTES);
  if (text === null) return refuse(c, deps, 413);
  const items = isJson(c.req.raw) ? readBatch(parseJson(text)) : null;
  if (items === null) return refuse(c, deps, 400);
  await settle(deps, items);
  return c.body(null, 202);
}

/** Graph asks whether the address is ours: the decoded token goes back as plain text (reference: graph.md 2.2). */
function handshake(c: Context, token: string): Response {
  if (Buffer.byteLength(token) > MAX_TOKEN_BYTES) return c.body(null, 400);
  return c.body(token, 200, { 'content-type': 'text/plain; charset=utf-8' });
}

function refuse(c: Context, deps: PublicDeps, status: 400 | 413): Response {
  deps.count('malformed', 1);
  return c.body(null, status);
}

/** Sorts good from bad, commits the good together and counts. */
async function settle(deps: PublicDeps, items: readonly (NotificationItem | null)[]): Promise<void> {
  const tally = new Map<NotificationResult, number>();
  const hints: InboxRow[] = [];
  const lifecycle: LifecycleItem[] = [];
  for (const item of items) {
    const judged = judge(deps, item);
    tally.set(judged.result, (tally.get(judged.result) ?? 0) + 1);
    if (judged.result !== 'accepted') continue;
    if (judged.item.kind === 'change') hints.push(hintOf(judged.item, judged.mailboxId));
    else lifecycle.push(lifecycleOf(judged.item, judged.mailboxId));
  }
  if (hints.length > 0) await deps.accept(hints);
  if (lifecycle.length > 0) await deps.acceptLifecycle(lifecycle);
  for (const [result, n] of tally) deps.count(result, n);
}

type Judged =
  | { readonly result: 'accepted'; readonly item: NotificationItem; readonly mailboxId: number }
  | { readonly result: Exclude<NotificationResult, 'accepted'> };

function judge(deps: PublicDeps, item: NotificationItem | null): Judged {
  if (item === null) return { result: 'malformed' };
  if (item.tenantId !== null && item.tenantId.toLowerCase() !== deps.tenantId.toLowerCase()) {
    return { result: 'wrong-tenant' };
  }
  const row = deps.subscription(item.subscriptionId);
  const given = createHash('sha256').update(item.clientState).digest();
  const matches = sameBytes(given, row?.clientStateHash ?? NOBODY);
  if (row === null) return { result: 'unknown-subscription' };
  return matches ? { result: 'accepted', item, mailboxId: row.mailboxId } : { result: 'wrong-client-state' };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

function hintOf(item: NotificationItem & { kind: 'change' }, mailboxId: number): InboxRow {
  const { subscriptionId, eventId, changeType, etag } = item;
  return { subscriptionId, mailboxId, eventId, changeType, etag };
}

function lifecycleOf(item: NotificationItem & { kind: 'lifecycle' }, mailboxId: number): LifecycleItem {
  return { subscriptionId: item.subscriptionId, mailboxId, event: item.event };
}
