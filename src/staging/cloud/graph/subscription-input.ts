import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { readObject } from './event-input.ts';
import { GraphRefusal, invalid, notSimulated } from './graph-refusal.ts';
import { findOwner } from './mailbox-owner.ts';

const LONGEST_MS = 10_080 * 60_000;
const SHORTEST_MS = 45 * 60_000;

const URL_TEXT = z.string().max(2048);
const CREATE = z.strictObject({
  changeType: z.string(),
  resource: z.string(),
  notificationUrl: URL_TEXT,
  lifecycleNotificationUrl: URL_TEXT.nullish(),
  expirationDateTime: z.string(),
  clientState: z.string().max(128).nullish(),
  latestSupportedTlsVersion: z.enum(['v1_2', 'v1_3']).nullish(),
  includeResourceData: z.boolean().nullish(),
});
const UPDATE = z.strictObject({
  expirationDateTime: z.string().optional(),
  notificationUrl: URL_TEXT.optional(),
});

export type SubscriptionInput = z.infer<typeof CREATE> & { readonly mailbox: string };

/** Reads POST /subscriptions. Refuses what the service refuses before any handshake. */
export function readSubscription(context: CloudContext, text: string): SubscriptionInput {
  const parsed = CREATE.safeParse(readObject(text));
  if (!parsed.success)
    throw invalid('InvalidRequest', `Invalid value specified for property '${where(parsed.error)}'.`);
  const input = parsed.data;
  if (input.includeResourceData === true) throw notSimulated('notifications with resource data');
  const types = input.changeType.split(',');
  if (!types.every((type) => ['created', 'updated', 'deleted'].includes(type))) {
    throw invalid('InvalidRequest', "Invalid value specified for property 'changeType'.");
  }
  requireHttps('notificationUrl', input.notificationUrl);
  if (typeof input.lifecycleNotificationUrl === 'string') {
    requireHttps('lifecycleNotificationUrl', input.lifecycleNotificationUrl);
  }
  const expirationDateTime = grantedExpiry(context, input.expirationDateTime);
  return { ...input, expirationDateTime, mailbox: mailboxOf(context, input.resource) };
}

/** Reads PATCH /subscriptions. */
export function readSubscriptionUpdate(context: CloudContext, text: string): z.infer<typeof UPDATE> {
  const parsed = UPDATE.safeParse(readObject(text));
  if (!parsed.success)
    throw invalid('InvalidRequest', `Invalid value specified for property '${where(parsed.error)}'.`);
  const { notificationUrl, expirationDateTime } = parsed.data;
  if (notificationUrl !== undefined) requireHttps('notificationUrl', notificationUrl);
  if (expirationDateTime === undefined) return parsed.data;
  return { ...parsed.data, expirationDateTime: grantedExpiry(context, expirationDateTime) };
}

// Under 45 minutes is raised, over seven days is refused (reference: graph.md 2.1).
function grantedExpiry(context: CloudContext, asked: string): string {
  const instant = /T.*(Z|[+-]\d\d:\d\d)$/.test(asked) ? Date.parse(asked) : Number.NaN;
  const life = instant - context.clock.now();
  if (Number.isNaN(life) || life <= 0) {
    throw invalid('InvalidRequest', "Invalid value specified for property 'expirationDateTime'.");
  }
  if (life > LONGEST_MS) {
    throw invalid('InvalidRequest', 'Subscription expiration can only be 10080 minutes in the future.');
  }
  return new Date(context.clock.now() + Math.max(life, SHORTEST_MS)).toISOString();
}

function mailboxOf(context: CloudContext, resource: string): string {
  const match = /^\/?users(?:\/([^/?]+)|\('([^']+)'\))\/(?:calendar\/)?events$/i.exec(resource.trim());
  const name = match?.[1] ?? match?.[2];
  if (name === undefined) throw invalid('ExtensionError', "'Resource' is invalid.");
  const owner = findOwner(context, decodeName(name));
  if (owner !== null) return owner.guid;
  const message =
    'Operation: Create; Exception: [Status Code: NotFound; Reason: The mailbox does not exist.]';
  throw new GraphRefusal(404, 'ExtensionError', message);
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw invalid('ExtensionError', "'Resource' is invalid.");
  }
}

function requireHttps(name: string, url: string): void {
  if (URL.canParse(url) && new URL(url).protocol === 'https:') return;
  throw invalid('InvalidRequest', `The ${name} must be an absolute https address.`);
}

function where(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue?.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : String(issue?.path[0] ?? '');
}
