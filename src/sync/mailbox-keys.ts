import { AppError } from '../domain/app-error.ts';
import type { KeyRow, MailboxRow } from '../domain/rows.ts';
import { newKey, wishOf } from './issue-keys.ts';
import type { SyncDeps } from './sync-deps.ts';
import { type SealUse, withWorkingKey } from './working-key.ts';

/**
 * Lends the key that seals for a mailbox now (design D6), and with it others that only open. It is issued when there is none, and
 * replaced at once when the KMS lets it seal no more.
 */
export function withSealingKey<T>(
  deps: SyncDeps,
  mailbox: MailboxRow,
  use: SealUse<T>,
  others: readonly string[] = [],
): Promise<T> {
  return withWorkingKey(deps, () => sealingKey(deps, mailbox), use, others);
}

const making = new WeakMap<SyncDeps['store'], Map<number, Promise<KeyRow>>>();

async function sealingKey(deps: SyncDeps, mailbox: MailboxRow): Promise<KeyRow> {
  const known = deps.store.read((r) => r.sealingKey(mailbox.id, deps.clock.now()));
  if (known !== null) return known;
  const wish = wishOf(deps, mailbox);
  if (wish === null) throw notReady();
  // Several changes of one mailbox at the same time must not make a key each.
  const flights = making.get(deps.store) ?? new Map<number, Promise<KeyRow>>();
  making.set(deps.store, flights);
  const flight = flights.get(mailbox.id) ?? newKey(deps, wish).finally(() => flights.delete(mailbox.id));
  flights.set(mailbox.id, flight);
  return await flight;
}

function notReady(): AppError {
  return new AppError({
    code: 'unavailable',
    reason: 'MAILBOX_NOT_READY',
    message: 'The mailbox is not known at Webex yet, so no key can be issued for it.',
    scope: 'mailbox',
  });
}
