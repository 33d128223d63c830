import { asAppError } from '../domain/app-error.ts';
import { type AuditSubject, DONE_BY_JOB } from '../domain/audit.ts';
import {
  type AuditCase,
  type AuditEnd,
  ended,
  intended,
  mailboxSubject,
  neverTold,
} from '../domain/audit-facts.ts';
import { addressHashes } from './addresses.ts';
import type { SyncDeps } from './sync-deps.ts';

/** What came of it, and what is known of the subject only now. */
export type AuditVerdict<T> = (result: T) => AuditEnd & { readonly subject?: Partial<AuditSubject> };

/**
 * Does what an administrator asked for between two rows of the audit log: the intent is committed before anything leaves, the
 * outcome after it. `end` says what came of it; what is thrown counts as failed, with its reason word.
 */
export async function audited<T>(
  deps: SyncDeps,
  one: AuditCase,
  work: () => Promise<T>,
  end: AuditVerdict<T>,
): Promise<T> {
  const { clock, store } = deps;
  const intent = store.write((w) => w.addAudit(intended(one, clock.now())));
  try {
    const result = await work();
    const { subject, ...rest } = end(result);
    const about = { ...one, subject: { ...one.subject, ...subject } };
    store.write((w) => w.addAudit(ended(about, clock.now(), { ...rest, intent })));
    return result;
  } catch (thrown) {
    const { reason } = asAppError(thrown);
    store.write((w) => w.addAudit(ended(one, clock.now(), { outcome: 'failed', reason, intent })));
    throw thrown;
  }
}

/** What an earlier process had begun and did not live to tell the end of, gets an outcome that says so; what a job goes on with does not. */
export function closeLostIntents({ store, clock }: Pick<SyncDeps, 'store' | 'clock'>): void {
  store.write((w) => {
    for (const intent of w.openIntents())
      if (!DONE_BY_JOB.has(intent.act)) w.addAudit(neverTold(intent, clock.now()));
  });
}

/** A mailbox by its address, enabled or not. Without the directory key nothing can be said of it, and the row says nothing. */
export async function subjectOf(deps: SyncDeps, address: string): Promise<Partial<AuditSubject>> {
  const hashes = await addressHashes(deps, address).catch(() => []);
  const known = deps.store.read((r) => hashes.map((hash) => r.mailboxByAddressHash(hash)));
  const mailbox = known.find((row) => row !== null);
  if (mailbox !== undefined) return mailboxSubject(mailbox);
  const [hash] = hashes;
  return hash === undefined ? {} : { mailboxHash: Buffer.from(hash).toString('hex') };
}
