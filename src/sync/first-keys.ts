import { AppError } from '../domain/app-error.ts';
import type { NewJob } from '../domain/job.ts';
import type { KeyRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import { allOf, type Closing, NOTHING, rows } from './closing.ts';
import { mailboxJob } from './intake.ts';
import { issueKeys, KEYS_IN_ONE_POST, keyTrouble, sorted, wishOf } from './issue-keys.ts';
import { restingMailbox } from './mailbox-health.ts';
import { rotateJob } from './rotate-job.ts';
import type { SyncDeps } from './sync-deps.ts';

/** So long those who are looked up first wait for others. */
const GATHER_MS = 2_000;

/**
 * Makes the first keys of mailboxes that are known at Microsoft and Webex by now, as many at once as one post holds; enabling them
 * goes on from there. While one batch is under way the next one gathers.
 */
export async function firstKeys(deps: SyncDeps): Promise<Closing> {
  const now = deps.clock.now();
  const waiting = deps.store.read((r) => r.mailboxesWithoutKey(now, KEYS_IN_ONE_POST));
  const wishes = waiting.flatMap((mailbox) => wishOf(deps, mailbox) ?? []);
  const made = wishes.length === 0 ? [] : await issueKeys(deps, wishes);
  const { issued, outage } = sorted(made);
  // What concerns all of them fails the job, which comes again when the KMS is back; what was made before that is kept.
  if (issued.length === 0 && outage !== null) throw outage;
  const each = made.flatMap((one, n) => goOn(deps, wishes[n]?.mailboxId ?? 0, one, outage !== null));
  const next = rows((w) => {
    const left = w.mailboxesWithoutKey(now, KEYS_IN_ONE_POST).length;
    if (left > 0) w.enqueue(left === KEYS_IN_ONE_POST ? rotateJob('first', now) : firstKeysJob(w, now), now);
  });
  const told = (): void => {
    if (issued.length > 0) deps.events.keysIssued(issued.length);
  };
  return allOf([...each, next, { write: () => undefined, told }]);
}

/** The next batch: at once, unless others are still being looked up that may travel with it. */
export function firstKeysJob(r: Reader, now: number): NewJob {
  return rotateJob('first', r.anyUnidentified() ? now + GATHER_MS : now);
}

/** With its key enabling goes on; refused for this mailbox alone it rests. In an outage it waits as before. */
function goOn(deps: SyncDeps, id: number, made: KeyRow | AppError, isOutage: boolean): Closing {
  const now = deps.clock.now();
  // It may have been removed meanwhile.
  const isPending = (w: Writer): boolean => w.mailbox(id)?.state === 'pending';
  if (made instanceof AppError)
    return isOutage ? NOTHING : restingMailbox(deps, id, keyTrouble(made), isPending);
  return rows((w) => {
    if (!isPending(w)) return;
    if (w.sealingKey(id, now) === null) w.addKey(made);
    w.enqueue(mailboxJob('enable-mailbox', id, now), now);
  });
}
