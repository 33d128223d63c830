import { COMMAND_LINE } from '../domain/audit.ts';
import type { RotationAnswer, RotationOrder } from '../domain/key-report.ts';
import type { MailboxRow } from '../domain/rows.ts';
import { knownMailbox } from './addresses.ts';
import { ASKED, rotationReport } from './key-report.ts';
import { retryMailbox } from './mailbox-health.ts';
import { rotateJob } from './rotate-job.ts';
import type { SyncDeps } from './sync-deps.ts';
import { endKey } from './working-key.ts';

/** Rows that are made due in one commit: it must not hold up the answers to Graph. */
const SLICE = 2_000;
/** Addresses that a rotation left behind so long ago do not hinder the next one. */
const SETTLED_MS = 60 * 60_000;

/** Has keys renewed in the background. To ask again while that is under way changes nothing. */
export async function askRotation(deps: SyncDeps, order: RotationOrder): Promise<RotationAnswer> {
  if (order.of === 'mailbox') return await askMailbox(deps, order.address);
  const answer = order.of === 'directory' ? askDirectory(deps) : await askAll(deps);
  deps.wake();
  return answer;
}

/** Its time is kept with the last slice: who is not answered has asked for nothing, and asks again. */
async function askAll({ store, clock }: SyncDeps): Promise<RotationAnswer> {
  const now = clock.now();
  const isRunning = store.read((r) => (rotationReport(r)?.left ?? 0) > 0 && r.keysToRenew(now, 1).length > 0);
  if (isRunning) return 'running';
  while ((await store.writeTogether((w) => w.renewKeys(now, SLICE))) > 0);
  await store.writeTogether((w) => {
    w.setSetting(ASKED, String(now));
    w.enqueue(rotateJob('mailboxes', now, true), now);
  });
  return 'asked';
}

function askDirectory({ store, clock }: SyncDeps): RotationAnswer {
  const now = clock.now();
  return store.write((w) => {
    const key = w.directoryKey();
    if (key === null) return 'asked';
    const isDue = key.renewAt !== null && key.renewAt <= now;
    const isNew = now - key.createdAt < SETTLED_MS && w.countUnderOtherKey(key.uri) > 0;
    w.enqueue(rotateJob('directory', now, true), now);
    if (isDue || isNew) return 'running';
    w.setKeyLife(key.uri, { ...key, renewAt: now });
    return 'asked';
  });
}

async function askMailbox(deps: SyncDeps, address: string): Promise<RotationAnswer> {
  const id = await knownMailbox(deps, address);
  const mailbox = deps.store.read((r) => r.mailbox(id));
  if (mailbox === null) return 'unknown';
  // A revoked key can't be waited for, and what it sealed is read anew; the new one is made when the mailbox is tried again.
  if (mailbox.reason === 'KMS_KEY_REVOKED' || !makeDue(deps, mailbox)) {
    const key = deps.store.read((r) => r.sealingKey(mailbox.id, deps.clock.now()));
    if (key !== null) endKey(deps, key, 'KMS_KEY_REVOKED', true);
    retryMailbox(deps, mailbox.id, COMMAND_LINE);
  }
  deps.wake();
  return 'asked';
}

/** False when there is none that seals. */
function makeDue({ store, clock }: SyncDeps, mailbox: MailboxRow): boolean {
  const now = clock.now();
  return store.write((w) => {
    const key = w.sealingKey(mailbox.id, now);
    if (key === null) return false;
    w.setKeyLife(key.uri, { ...key, renewAt: Math.min(key.renewAt ?? now, now) });
    w.enqueue(rotateJob('mailboxes', now, true), now);
    return true;
  });
}
