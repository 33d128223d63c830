import { AppError } from '../domain/app-error.ts';
import type { MailboxRow, MeetingRow } from '../domain/rows.ts';
import { addressHashes, openAddress } from './addresses.ts';
import { meetingPlace, openMeeting } from './sealed-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';

/** As good as all. */
const MOST_ROWS = 1_000_000;

/**
 * Everything that is held on one mailbox, its sealed items opened in memory for this one answer. An item whose key the KMS does not
 * give out any more is told as such: it is held, and nobody can read it.
 */
export async function exportMailbox(deps: SyncDeps, mailbox: MailboxRow): Promise<object> {
  const { id, kind, guid, webexId, state, reason, since, locale } = mailbox;
  const address = await openAddress(deps, mailbox);
  const hashes = (await addressHashes(deps, address)).map((hash) => Buffer.from(hash).toString('hex'));
  const held = deps.store.read((r) => ({
    subscriptions: r.subscriptions().filter((row) => row.mailboxId === id),
    keys: r.keys().filter((row) => row.mailboxId === id),
    presence: r.presence(id),
    meetings: r.meetingsOf(id),
    arrangements: r.arrangementsEndingAfter(id, 0),
    audit: r.auditFrom(1, MOST_ROWS).filter((row) => hashes.includes(row.mailboxHash ?? '')),
    traces: r.traceLines(id, null, MOST_ROWS),
  }));
  const meetings: object[] = [];
  for (const row of held.meetings) meetings.push(await exportMeeting(deps, row));
  return {
    format: 'hybrid-calendar mailbox 1',
    notIncluded:
      'Meetings in the lists of other mailboxes may name this person; they are sealed under the keys of those mailboxes.',
    exportedAt: instant(deps.clock.now()),
    mailbox: {
      id,
      address,
      kind,
      microsoftId: guid,
      webexId,
      state,
      reason,
      since: instant(since),
      language: locale,
    },
    presence: held.presence,
    subscriptions: held.subscriptions.map((row) => ({
      id: row.id,
      expiresAt: instant(row.expiresAt),
      createdAt: instant(row.createdAt),
    })),
    keys: held.keys.map((row) => ({ uri: row.uri, createdAt: instant(row.createdAt) })),
    meetings,
    arrangements: held.arrangements,
    audit: held.audit,
    traces: held.traces.map(({ at, eventId, code }) => ({ at: instant(at), eventId, code })),
  };
}

async function exportMeeting(deps: SyncDeps, row: MeetingRow): Promise<object> {
  return {
    eventId: row.eventId,
    seriesId: row.seriesId,
    meetingId: row.meetingId,
    version: row.version,
    deliveredVersion: row.deliveredVersion,
    state: row.state,
    startAt: instant(row.startAt),
    endAt: instant(row.endAt),
    changedAt: instant(row.changedAt),
    keyUri: row.keyUri,
    content: await contentOf(deps, row),
  };
}

/** Null where there is none any more; a reason word where it does not open. While the KMS is away there is no export at all. */
async function contentOf(deps: SyncDeps, row: MeetingRow): Promise<unknown> {
  const { keyUri, envelope } = row;
  if (keyUri === null || envelope === null) return null;
  try {
    const place = meetingPlace(deps, row);
    return await deps.kms.withKey(keyUri, (key) => openMeeting({ key, uri: keyUri, place }, envelope));
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.scope === 'upstream') throw thrown;
    return { unreadable: thrown.reason };
  }
}

function instant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
