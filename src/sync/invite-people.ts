import { normaliseAddress } from '../domain/address.ts';
import type { ArrangementRow } from '../domain/arrangement.ts';
import { keyedHash } from '../seal/keyed-hash.ts';
import type { Asked } from './asked-meeting.ts';
import { note, type Occasion } from './occasion.ts';
import type { SyncDeps } from './sync-deps.ts';
import { canOpen } from './working-key.ts';

const HASH_BYTES = 32;
const PURPOSE = 'invited';

type Invited = Pick<ArrangementRow, 'webexMeetingId' | 'invited' | 'askedKey'>;

/**
 * Lets those who are invited at Webex follow those of the invitation, as far as they are shared. Whom somebody invited at Webex is
 * let be: only who had been invited by this is taken out again. Returns what is to be kept of it: `ArrangementRow.invited`.
 */
export async function peopleFollowed(
  deps: SyncDeps,
  at: Occasion,
  { webexMeetingId, invited, askedKey }: Invited,
  asked: Asked,
): Promise<Uint8Array | null> {
  const { invitees, hostAddress } = asked.request;
  if (webexMeetingId === null || (invitees.length === 0 && invited === null)) return null;
  const wanted = new Set(invitees);
  const held = await deps.meetings.invitees(webexMeetingId, hostAddress);
  const known = new Set(held.map(({ email }) => normaliseAddress(email)));
  const isOurs = await recognition(deps, invited, askedKey, [...known]);
  for (const { id, email } of held) {
    const address = normaliseAddress(email);
    if (!wanted.has(address) && isOurs(address)) await deps.meetings.uninvite(id, hostAddress);
  }
  const missing = invitees.filter((address) => !known.has(address));
  const refused = await deps.meetings.invite(webexMeetingId, hostAddress, missing);
  if (refused.length > 0) await note(deps, at, 'PEOPLE_NOT_INVITED');
  return await hashesOf(
    deps,
    invitees.filter((address) => !refused.includes(address)),
    asked.key,
  );
}

/** The same hashes for those who are invited when a meeting is made. */
export async function hashesOf(
  deps: SyncDeps,
  addresses: readonly string[],
  key: string,
): Promise<Uint8Array | null> {
  if (addresses.length === 0) return null;
  return await deps.kms.withKey(key, (bytes) =>
    Buffer.concat(addresses.map((address) => keyedHash(bytes, PURPOSE, address))),
  );
}

/** Tells whom we had invited. Where the key is lost nobody can tell any more. */
async function recognition(
  deps: SyncDeps,
  invited: Uint8Array | null,
  key: string | null,
  addresses: readonly string[],
): Promise<(address: string) => boolean> {
  if (invited === null || key === null || !(await canOpen(deps, key))) return () => false;
  const ours = new Set<string>();
  for (let from = 0; from < invited.length; from += HASH_BYTES)
    ours.add(Buffer.from(invited.subarray(from, from + HASH_BYTES)).toString('hex'));
  const found = await deps.kms.withKey(key, (bytes) =>
    addresses.filter((address) => ours.has(Buffer.from(keyedHash(bytes, PURPOSE, address)).toString('hex'))),
  );
  return (address) => found.includes(address);
}
