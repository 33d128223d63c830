import { z } from 'zod';
import type { CloudContext } from '../../cloud-context.ts';
import type { Table } from '../../disk.ts';
import { GraphRefusal } from '../graph-refusal.ts';

/** What can be wrong with a whole mailbox (reference: graph.md 1.5 and 2.3). */
export const MAILBOX_STATE = z.strictObject({
  state: z.enum(['ok', 'moved', 'moving', 'full', 'out-of-scope', 'throttled']),
  /** Whose calls it hits. */
  app: z.enum(['appliance', 'any']).default('appliance'),
  /** Which rights a policy takes away; only with `out-of-scope`. */
  rights: z.array(z.enum(['calendars', 'settings'])).default(['calendars', 'settings']),
  /** What becomes of the subscriptions: they fall silent, or are removed with a lifecycle notification. */
  subscriptions: z.enum(['silent', 'removed']).default('silent'),
  /** Which answer a mailbox on the move gives. */
  movingStatus: z.union([z.literal(503), z.literal(423)]).default(503),
  /** Seconds, for `throttled` and `moving`. */
  retryAfter: z.number().min(0).max(3600).optional(),
});
export type MailboxState = z.infer<typeof MAILBOX_STATE>;
export type Right = MailboxState['rights'][number];

export const OUT_OF_SCOPE =
  'Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.';

export function setMailboxState(context: CloudContext, mailbox: string, state: MailboxState): void {
  if (state.state === 'ok') table(context).delete(mailbox);
  else table(context).put(mailbox, state);
}

/** Null when nothing is wrong for this application. */
export function mailboxState(
  context: CloudContext,
  app: 'appliance' | 'outlook',
  mailbox: string,
): MailboxState | null {
  const states = table(context);
  if (states.size === 0) return null;
  const state = states.get(mailbox);
  return state !== undefined && (state.app === 'any' || state.app === app) ? state : null;
}

/** Whether changes of the mailbox are not told of while it is in this state. */
export function isSilent(state: MailboxState | null): boolean {
  if (state === null) return false;
  return state.state === 'moved' || (state.state === 'out-of-scope' && state.rights.includes('calendars'));
}

/** Why a call to a mailbox in this state is refused; null when it is not. */
export function stateRefusal(state: MailboxState, right: Right, writes: boolean): GraphRefusal | null {
  const headers = state.retryAfter === undefined ? {} : { 'Retry-After': String(state.retryAfter) };
  switch (state.state) {
    case 'moved':
      return new GraphRefusal(
        404,
        'MailboxNotEnabledForRESTAPI',
        'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
      );
    case 'moving':
      return new GraphRefusal(state.movingStatus, 'ErrorMailboxMoveInProgress', 'Mailbox move in progress.', {
        headers,
      });
    case 'full':
      if (!writes) return null;
      return new GraphRefusal(507, 'ErrorQuotaExceeded', 'The mailbox has exceeded its quota.');
    case 'out-of-scope':
      return state.rights.includes(right) ? new GraphRefusal(403, 'ErrorAccessDenied', OUT_OF_SCOPE) : null;
    case 'throttled': {
      const message = 'Application is over its MailboxConcurrency limit.';
      return new GraphRefusal(429, 'ApplicationThrottled', message, {
        headers: { 'Retry-After': '10', ...headers },
      });
    }
    default:
      return null;
  }
}

/** How the subscription service relays the same trouble; null when a subscription can be made. */
export function relayedRefusal(state: MailboxState): GraphRefusal | null {
  const relay = (status: 400 | 403 | 503, word: string, reason: string): GraphRefusal =>
    new GraphRefusal(
      status,
      'ExtensionError',
      `Operation: Create; Exception: [Status Code: ${word}; Reason: ${reason}]`,
    );
  switch (state.state) {
    case 'moved':
      return relay(400, 'NotFound', "Target Mailbox is currently on backend 'Unknown'.");
    case 'moving':
      return relay(503, 'ServiceUnavailable', 'Mailbox move in progress.');
    case 'out-of-scope':
      return state.rights.includes('calendars') ? relay(403, 'Forbidden', OUT_OF_SCOPE) : null;
    case 'throttled':
      return stateRefusal(state, 'calendars', true);
    default:
      return null;
  }
}

function table(context: CloudContext): Table<MailboxState> {
  return context.disk.table('graph-mailbox-states');
}
