import { AppError } from '../domain/app-error.ts';
import type { Meeting } from '../domain/meeting.ts';
import type { MeetingRow } from '../domain/rows.ts';
import type { Reader } from '../domain/store-port.ts';
import { knownMailbox } from './addresses.ts';
import { usableDirectoryKeys } from './directory-key.ts';
import { isPersonalRoom } from './meeting-item.ts';
import { meetingPlace, openMeeting } from './sealed-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';
import { canOpen } from './working-key.ts';

/** So long a new event may take from the intent to its place in the organiser's list. */
const UNDER_WAY_MS = 60_000;

/**
 * UUID of the space that was made for a meeting, or for its whole series; null when there is none. Of an attendee's copy it is
 * that of the organiser's, known by the same iCalUId: the copy carries the join details, and by then the space is there. Throws
 * AppError ORGANIZER_UNDER_WAY while the organiser's event is not in the list yet.
 */
export async function spaceOfMeeting(deps: SyncDeps, row: MeetingRow): Promise<string | null> {
  const own = deps.store.read((r) => arrangedSpace(r, row));
  if (own !== null) return own;
  const { organizer, iCalUId, joinTarget } = await opened(deps, row);
  // Only what is held at Webex is held in a space, and not in a personal room.
  if (joinTarget?.provider !== 'webex' || isPersonalRoom(joinTarget.url ?? '')) return null;
  // Without its key nobody is found by an address, and deliveries go on (as with the ids of people).
  if ((await usableDirectoryKeys(deps)).length === 0) return null;
  const organiser = await knownMailbox(deps, organizer.address);
  if (organiser === 0 || organiser === row.mailboxId) return null;
  for (const candidate of deps.store.read((r) => r.meetingsArrangedBy(organiser, row.startAt))) {
    if (!(await canOpen(deps, candidate.keyUri ?? ''))) continue;
    if ((await opened(deps, candidate)).iCalUId === iCalUId)
      return deps.store.read((r) => arrangedSpace(r, candidate));
  }
  const since = deps.clock.now() - UNDER_WAY_MS;
  if (deps.store.read((r) => r.isArranging(organiser, since))) throw underWay();
  return null;
}

function arrangedSpace(r: Reader, { mailboxId, eventId, seriesId }: MeetingRow): string | null {
  const arrangement = r.arrangement(mailboxId, eventId) ?? r.arrangement(mailboxId, seriesId ?? '');
  return arrangement?.spaceId ?? null;
}

function underWay(): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'ORGANIZER_UNDER_WAY',
    message: 'The organiser’s event is being arranged; what it is held in is asked for again in a moment.',
  });
}

async function opened(deps: SyncDeps, row: MeetingRow): Promise<Meeting> {
  const uri = row.keyUri ?? '';
  const place = meetingPlace(deps, row);
  return await deps.kms.withKey(uri, (key) => openMeeting({ uri, key, place }, row.envelope));
}
