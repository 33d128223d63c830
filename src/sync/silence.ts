import type { EventStub } from '../domain/calendar-event.ts';
import type { MailboxRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import type { Closing } from './closing.ts';
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
export function silenceOf(
  deps: SyncDeps,
  mailbox: MailboxRow,
  changed: readonly EventStub[],
  now: number,
): Closing | null {
  if (deps.settings.webhooks === null) return null;
  const subscription = deps.store.read((r) => r.subscriptions().find((row) => row.mailboxId === mailbox.id));
  if (subscription === undefined || now - subscription.createdAt < YOUNG_MS) return null;
  const { id, createdAt } = subscription;
  const unheard = deps.store.read((r) =>
    changed.filter((stub) => isUnheard(r, mailbox, stub, createdAt, now)),
  );
  if (unheard.length === 0) return null;
  const write = (w: Writer): void => {
    w.distrustSubscription(id);
    w.enqueue(mailboxJob('renew-subscription', mailbox.id, now), now);
  };
  const facts = { mailboxId: mailbox.id, unheard: unheard.length };
  return { write, told: () => deps.events.subscriptionSilent(facts) };
}

function isUnheard(r: Reader, mailbox: MailboxRow, stub: EventStub, since: number, now: number): boolean {
  const at = stub.modifiedAt;
  if (at === null || at > now - UNDER_WAY_MS || at < since + CLOCK_SKEW_MS) return false;
  return !r.heardOf(mailbox.id, stub.id, at - CLOCK_SKEW_MS);
}
