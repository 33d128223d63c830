import type { NewJob } from '../domain/job.ts';
import { outOfOffice } from '../domain/out-of-office.ts';
import type { MailboxSettings } from '../domain/ports.ts';
import type { MailboxRow, PresenceRow } from '../domain/rows.ts';
import type { Writer } from '../domain/store-port.ts';
import { type Closing, rows } from './closing.ts';
import { mailboxJob } from './intake.ts';
import type { SyncDeps } from './sync-deps.ts';

/** Mailboxes a round: twenty fit into one call. */
const BATCH = 20;

/**
 * Reads language and automatic replies of all people in turn, twenty mixed mailboxes a call: Graph sends no notification about
 * them (reference: graph.md 6). The mailbox that was read longest ago comes first.
 */
export async function pollSettings(deps: SyncDeps): Promise<Closing> {
  const startedAt = deps.clock.now();
  const due = deps.store.read((r) => r.settingsDue(startedAt - deps.settings.presencePollMs, BATCH));
  const guids = due.flatMap((mailbox) => mailbox.guid ?? []);
  const readings = guids.length === 0 ? new Map() : await deps.graph.settings(guids);
  const now = deps.clock.now();
  return rows((w) => {
    for (const mailbox of due) {
      const reading = readings.get(mailbox.guid ?? '');
      if (reading?.kind === 'read') noteSettings(w, mailbox, reading.settings, now);
      else noteRefusal(w, mailbox, now);
    }
    const next = due.length === BATCH ? now : nextPollAt(deps, w, now);
    w.enqueue(pollJob(next), now);
  });
}

function nextPollAt(deps: SyncDeps, w: Writer, now: number): number {
  const oldest = w.oldestSettings();
  return Math.max(now + 1_000, (oldest ?? now) + deps.settings.presencePollMs);
}

function noteSettings(w: Writer, mailbox: MailboxRow, settings: MailboxSettings, now: number): void {
  if (settings.locale !== mailbox.locale) w.setMailboxIdentity(mailbox.id, { locale: settings.locale });
  const before = w.presence(mailbox.id);
  const { automaticReplies: replies } = settings;
  w.putPresence({ ...(before ?? unknownPresence(mailbox.id)), replies, readAt: now });
  const told = before === null ? null : before.replies;
  if (told === null || JSON.stringify(told) !== JSON.stringify(replies))
    w.enqueue(mailboxJob('presence', mailbox.id, now), now);
}

/** Who may not read the settings may often not read the calendar either: its own job finds out, and says so. */
function noteRefusal(w: Writer, mailbox: MailboxRow, now: number): void {
  w.touchPresence(mailbox.id, now);
  w.enqueue(mailboxJob('delta-round', mailbox.id, now), now);
}

function unknownPresence(mailboxId: number): PresenceRow {
  const replies = { status: 'disabled', startAt: null, endAt: null } as const;
  const { away, until } = outOfOffice(replies, 0);
  return { mailboxId, replies, readAt: 0, away, until, version: 0, deliveredVersion: 0 };
}

export function pollJob(runAt: number): NewJob {
  return { kind: 'poll-settings', key: '', mailboxId: null, eventId: null, runAt, merge: 'earliest' };
}
