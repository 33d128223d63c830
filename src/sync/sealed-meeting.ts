import { AppError } from '../domain/app-error.ts';
import type { Meeting } from '../domain/meeting.ts';
import type { Place } from '../domain/place.ts';
import type { MeetingRow } from '../domain/rows.ts';
import { openEnvelope } from '../seal/envelope.ts';
import type { SyncDeps } from './sync-deps.ts';

/** The place of one version of a meeting (design D5). */
export function meetingPlace(
  deps: SyncDeps,
  row: Pick<MeetingRow, 'mailboxId' | 'eventId' | 'version'>,
): Place {
  const { tenantId: tenant } = deps.settings;
  return {
    purpose: 'meeting',
    tenant,
    mailbox: String(row.mailboxId),
    event: row.eventId,
    version: row.version,
  };
}

/** Where a key is lent from, and what it seals. */
export interface LentKey {
  readonly uri: string;
  /** The 32 bytes, lent for this one call. */
  readonly key: Uint8Array;
  readonly place: Place;
}

/** What was sealed of a listed meeting. Throws AppError NO_ENVELOPE when nothing was. */
export function openMeeting({ key, uri, place }: LentKey, envelope: Uint8Array | null): Meeting {
  if (envelope === null) throw noEnvelope();
  const plain = openEnvelope(key, uri, place, envelope);
  try {
    return JSON.parse(Buffer.from(plain).toString('utf8'));
  } finally {
    plain.fill(0);
  }
}

export function noEnvelope(): AppError {
  return new AppError({
    code: 'internal',
    reason: 'NO_ENVELOPE',
    message: 'A listed meeting has no sealed content.',
  });
}
