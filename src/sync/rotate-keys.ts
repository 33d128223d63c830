import type { LeasedJob, NewJob } from '../domain/job.ts';
import type { KeyRow } from '../domain/rows.ts';
import type { Writer } from '../domain/store-port.ts';
import type { Closing } from './closing.ts';
import { firstKeys } from './first-keys.ts';
import { dropIdleKeys } from './idle-keys.ts';
import { issueKeys, KEYS_IN_ONE_POST, type KeyWish, sorted, wishOf } from './issue-keys.ts';
import { rotateDirectory } from './rotate-directory.ts';
import { rotateJob } from './rotate-job.ts';
import type { SyncDeps } from './sync-deps.ts';

/** Between two batches while more is due: 75,000 keys take 25 minutes, and the KMS has others to serve. */
const PACE_MS = 1_000;
/** So that keys that become due one after the other are made together. */
const GATHER_MS = 60_000;
const LONGEST_MS = 60 * 60_000;
/** After the KMS refused to make a key for one mailbox. */
const REFUSED_REST_MS = 60 * 60_000;

/**
 * Makes the keys that are due: the first and the next ones of the mailboxes, or that of the directory with everything that hangs on
 * it. Or gives up those that nothing is under any more.
 */
export function rotateKeys(deps: SyncDeps, job: LeasedJob): Promise<Closing> {
  if (job.key === 'idle') return dropIdleKeys(deps);
  if (job.key === 'first') return firstKeys(deps);
  return job.key === 'directory' ? rotateDirectory(deps) : rotateMailboxes(deps);
}

/**
 * Makes the next keys of the mailboxes whose own ones come of age, one batch at a time. What older keys sealed stays readable and
 * is not sealed again. All that is known about it is in the rows of the keys, so a kill costs one batch that nobody uses.
 */
async function rotateMailboxes(deps: SyncDeps): Promise<Closing> {
  const { store, clock, events } = deps;
  const due = store.read((r) => r.keysToRenew(clock.now(), KEYS_IN_ONE_POST));
  const wishes = due.flatMap((key) => wishFor(deps, key) ?? []);
  const made = wishes.length === 0 ? [] : await issueKeys(deps, wishes);
  const now = clock.now();
  const { issued, outage } = sorted(made);
  // What concerns all of them fails the job, which comes again when the KMS is back; what was made before that is kept.
  if (issued.length === 0 && outage !== null) throw outage;
  const refused = outage === null ? due.filter((key) => !issued.some((one) => isOfSame(one, key))) : [];
  return {
    write: (w) => {
      for (const key of issued) keep(w, key);
      for (const key of refused) rest(w, key, now);
      w.enqueue(nextRound(w, now), now);
    },
    told: () => {
      if (issued.length > 0) events.keysIssued(issued.length);
    },
  };
}

/** The mailbox may have been removed meanwhile. */
function keep(w: Writer, key: KeyRow): void {
  if (key.mailboxId !== null && w.mailbox(key.mailboxId) !== null) w.addKey(key);
}

function isOfSame(one: KeyRow, other: KeyRow): boolean {
  return one.mailboxId === other.mailboxId;
}

function wishFor(deps: SyncDeps, { mailboxId }: KeyRow): KeyWish | null {
  const mailbox = mailboxId === null ? null : deps.store.read((r) => r.mailbox(mailboxId));
  return mailbox === null ? null : wishOf(deps, mailbox);
}

/** Refused for this mailbox alone: its key goes on for as long as it may. */
function rest(w: Writer, key: KeyRow, now: number): void {
  const present = w.key(key.uri);
  if (present !== null && present.renewAt !== null)
    w.setKeyLife(key.uri, { ...present, renewAt: now + REFUSED_REST_MS });
}

function nextRound(w: Writer, now: number): NewJob {
  const dueAt = w.nextRenewal() ?? now + LONGEST_MS;
  const soonest = dueAt <= now ? now + PACE_MS : now + GATHER_MS;
  return rotateJob('mailboxes', Math.max(soonest, Math.min(dueAt, now + LONGEST_MS)));
}
