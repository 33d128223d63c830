import type { LeasedJob, NewJob } from '../domain/job.ts';
import type { MailboxRow } from '../domain/rows.ts';
import type { Deletion } from '../domain/scheduling-ports.ts';
import { openAddress } from './addresses.ts';
import type { Closing } from './closing.ts';
import { mailboxOf } from './job-mailbox.ts';
import type { SyncDeps } from './sync-deps.ts';

const ALARM = 'webex-leftovers';
const REASON = 'WEBEX_DELETE_REFUSED';
const AGAIN_MS = 6 * 60 * 60_000;

/** What was made in Webex for an event and is to be deleted. */
interface Made {
  readonly mailboxId: number;
  readonly eventId: string;
  readonly kind: 'meeting' | 'space-meeting' | 'space';
  readonly id: string;
}

/**
 * Deletes it. What Webex refuses is told by an alarm and tried again by a job of its own, so that it holds up nothing else. A host
 * whom Webex does not know any more took their meetings along.
 */
export async function deleteMade(deps: SyncDeps, mailbox: MailboxRow, one: Made): Promise<void> {
  if (await isGone(deps, mailbox, one)) return;
  const { write, told } = left(deps, one);
  await deps.store.writeTogether(write);
  told();
}

/** Tries once more; the alarm ends as soon as Webex lets the appliance delete anything of this mailbox again. */
export async function endLeftover(deps: SyncDeps, job: LeasedJob): Promise<Closing> {
  const mailbox = mailboxOf(deps, job);
  const one = madeOf(job);
  if (!(await isGone(deps, mailbox, one))) return left(deps, one);
  const alarm = { id: ALARM, subject: String(mailbox.id), reason: REASON } as const;
  const isKnown = hasLeftovers(deps, mailbox.id);
  return {
    write: (w) => void w.clearAlarm(ALARM, alarm.subject),
    told: () => {
      if (isKnown) deps.events.alarmCleared(alarm);
    },
  };
}

/** Whether anything of this mailbox waits for Webex to let it be deleted. */
export function hasLeftovers(deps: SyncDeps, mailboxId: number): boolean {
  const alarms = deps.store.read((r) => r.alarms());
  return alarms.some(({ id, subject }) => id === ALARM && subject === String(mailboxId));
}

async function isGone(deps: SyncDeps, mailbox: MailboxRow, { kind, id }: Made): Promise<boolean> {
  const host = kind === 'meeting' ? await openAddress(deps, mailbox) : null;
  const outcome: Deletion =
    kind === 'space' ? await deps.spaces.delete(id) : await deps.meetings.delete(id, host);
  if (outcome === 'deleted') return true;
  return host !== null && (await deps.webex.identify(host, 'person')) === null;
}

function left(deps: SyncDeps, one: Made): Closing {
  const { mailboxId, eventId } = one;
  const at = deps.clock.now();
  const subject = String(mailboxId);
  const isKnown = hasLeftovers(deps, mailboxId);
  return {
    write: (w) => {
      w.enqueue(leftoverJob(one, at + AGAIN_MS), at);
      w.raiseAlarm(ALARM, subject, REASON, at);
      w.addTrace({ at, mailboxId, eventId, code: 'LEFT_AT_WEBEX' });
    },
    told: () => {
      if (!isKnown) deps.events.alarmRaised({ id: ALARM, subject, reason: REASON });
    },
  };
}

function leftoverJob({ mailboxId, eventId, kind, id }: Made, runAt: number): NewJob {
  const key = `${mailboxId}/${kind}/${id}`;
  return { kind: 'end-leftover', key, mailboxId, eventId, runAt, merge: 'earliest' };
}

function madeOf({ key, mailboxId, eventId }: LeasedJob): Made {
  const [, named, ...id] = key.split('/');
  const kind = named === 'meeting' || named === 'space' ? named : 'space-meeting';
  return { mailboxId: mailboxId ?? 0, eventId: eventId ?? '', kind, id: id.join('/') };
}
