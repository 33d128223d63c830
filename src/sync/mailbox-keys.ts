import { AppError } from '../domain/app-error.ts';
import type { KeyRow, MailboxRow } from '../domain/rows.ts';
import type { SyncDeps } from './sync-deps.ts';

/** The key that seals for a mailbox now; issued when there is none or the last one has served its period (design D6). */
export async function sealingKey(deps: SyncDeps, mailbox: MailboxRow): Promise<KeyRow> {
  const known = deps.store.read((r) => r.sealingKey(mailbox.id, deps.clock.now()));
  if (known !== null) return known;
  if (mailbox.webexId === null) throw notReady();
  const [made] = await storeNewKeys(deps, [mailbox.id], [[mailbox.webexId, deps.settings.applianceUserId]]);
  if (made === undefined) throw notReady();
  return made;
}

/** Issues keys and keeps their rows; `mailboxIds[n]` is null for the directory key, which never runs out by age. */
export async function storeNewKeys(
  deps: SyncDeps,
  mailboxIds: readonly (number | null)[],
  readers: readonly (readonly string[])[],
): Promise<KeyRow[]> {
  const issued = await deps.kms.issue(readers);
  const now = deps.clock.now();
  const rows = issued.map((key, index): KeyRow => {
    const mailboxId = mailboxIds[index] ?? null;
    const ours = mailboxId === null ? Number.MAX_SAFE_INTEGER : now + deps.settings.keyRotationMs;
    const sealUntil = Math.min(ours, key.sealUntil ?? Number.MAX_SAFE_INTEGER);
    const role = mailboxId === null ? 'directory' : 'mailbox';
    return { uri: key.uri, role, mailboxId, resourceUri: key.resourceUri, createdAt: now, sealUntil };
  });
  deps.store.write((w) => {
    for (const row of rows) w.addKey(row);
  });
  deps.events.keysIssued(rows.length);
  return rows;
}

function notReady(): AppError {
  return new AppError({
    code: 'unavailable',
    reason: 'MAILBOX_NOT_READY',
    message: 'The mailbox is not known at Webex yet, so no key can be issued for it.',
    scope: 'mailbox',
  });
}
