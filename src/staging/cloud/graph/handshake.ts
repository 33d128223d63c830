import { randomUUID } from 'node:crypto';
import { GraphRefusal, invalid } from './graph-refusal.ts';
import type { SubscriberAnswer, SubscriberClient } from './subscriber-client.ts';

const TIMEOUT_MS = 10_000;

/** Proves that the subscriber wants the notifications: it has to echo a token (reference: graph.md 2.2). Refuses with 400. */
export async function shakeHands(client: SubscriberClient, url: string): Promise<void> {
  const token = `Validation: Testing client application reachability for subscription Request-Id: ${randomUUID()}`;
  const asked = `${url}${url.includes('?') ? '&' : '?'}validationToken=${encodeURIComponent(token)}`;
  const answer = await client.post(asked, 'text/plain; charset=utf-8', '', TIMEOUT_MS).catch(networkRefusal);
  if (answer instanceof GraphRefusal) throw answer;
  const fault = faultOf(answer, token);
  if (fault !== null) throw invalid('InvalidRequest', `Subscription validation request failed. ${fault}`);
}

function faultOf({ status, contentType, text }: SubscriberAnswer, token: string): string | null {
  if (status !== 200)
    return `Notification endpoint must respond with 200 OK to validation request, not with ${status}.`;
  if (!/^text\/plain\b/i.test(contentType)) return 'The validation response must be text/plain.';
  return text === token ? null : 'The validation response is not the validation token.';
}

function networkRefusal(error: unknown): GraphRefusal {
  const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
  const fault = timedOut ? 'The request timed out.' : 'The underlying connection was closed.';
  return invalid('InvalidRequest', `Subscription validation request failed. ${fault}`);
}
