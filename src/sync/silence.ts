import type { EventStub } from '../domain/calendar-event.ts';
import type { MailboxRow } from '../domain/rows.ts';
import type { Writer } from '../domain/store-port.ts';
import { mailboxJob } from './intake.ts';
import type { SyncDeps } from './sync-deps.ts';

/** A notification may be under way this long (reference: graph.md 2.4). */
const UNDER_WAY_MS = 3 * 60_000;
const CLOCK_SKEW_MS = 60_000;
/** A new subscription is given this long before it is distrusted again. */
const YOUNG_MS = 60 * 60_000;

/**
 * Hours of silence without any word from Graph have been seen (reference: graph.md 2.8). When a delta round finds a change that
 * no notification told of, the mailbox's subscription is made anew.
 */
export function distrustSilence(
  deps: SyncDeps,
  w: Writer,
  mailbox: MailboxRow,
  changed: readonly EventStub[],
  now: number,
): void {
  if (deps.settings.webhooks === null) return;
  const subscription = w.subscriptions().find((row) => row.mailboxId === mailbox.id);
  if (subscription === undefined || now - subscription.createdAt < YOUNG_MS) return;
  const unheard = changed.filter((stub) => isUnheard(w, mailbox, stub, subscription.createdAt, now));
  if (unheard.length === 0) return;
  w.distrustSubscription(subscription.id);
  w.enqueue(mailboxJob('renew-subscription', mailbox.id, now), now);
  deps.events.subscriptionSilent({ mailboxId: mailbox.id, unheard: unheard.length });
}

function isUnheard(w: Writer, mailbox: MailboxRow, stub: EventStub, since: number, now: number): boolean {
  const at = stub.modifiedAt;
  if (at === null || at > now - UNDER_WAY_MS || at < since + CLOCK_SKEW_MS) return false;
  return !w.heardOf(mailbox.id, stub.id, at - CLOCK_SKEW_MS);
}
