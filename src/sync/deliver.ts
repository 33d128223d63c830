import { normaliseAddress } from '../domain/address.ts';
import type { LeasedJob } from '../domain/job.ts';
import type { DeliveryOutcome, MeetingItem } from '../domain/ports.ts';
import type { DeliveryRow, MeetingRow } from '../domain/rows.ts';
import type { Reader } from '../domain/store-port.ts';
import { keyedHash } from '../seal/keyed-hash.ts';
import { knownDirectoryKey } from './addresses.ts';
import { type Closing, NOTHING } from './closing.ts';
import { WEBEX_ORG } from './enable-mailbox.ts';
import { mailboxOf } from './job-mailbox.ts';
import { type ItemKey, meetingItem } from './meeting-item.ts';
import { meetingPlace, noEnvelope, openMeeting } from './sealed-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';

/** Hands the newest version of a meeting to Webex; versions that were overtaken are never sent. */
export async function deliver(deps: SyncDeps, job: LeasedJob): Promise<Closing> {
  const mailbox = mailboxOf(deps, job);
  const row = deps.store.read((r) => r.meeting(mailbox.id, job.eventId ?? ''));
  if (row === null || mailbox.webexId === null || row.deliveredVersion >= row.version) return NOTHING;
  return delivered(deps, row, await send(deps, mailbox.webexId, row), job.createdAt);
}

async function send(deps: SyncDeps, webexId: string, row: MeetingRow): Promise<DeliveryOutcome> {
  if (row.state === 'withdrawn') return deps.sink.withdraw(webexId, row.meetingId, row.version);
  return deps.sink.put(webexId, await itemOf(deps, row, webexId), row.version);
}

/** Opens the envelope in memory and seals its fields for the wire (design D5). */
async function itemOf(deps: SyncDeps, row: MeetingRow, ownId: string): Promise<MeetingItem> {
  const { keyUri, envelope } = row;
  if (keyUri === null) throw noEnvelope();
  const lookUpKey = await lookUpKeyCopy(deps);
  const place = meetingPlace(deps, row);
  const known = deps.store.read((r) => ({ orgId: r.setting(WEBEX_ORG), spaceId: spaceOf(r, row) }));
  try {
    return await deps.kms.withKey(keyUri, (key) => {
      const itemKey: ItemKey = { uri: keyUri, key, place, algorithm: deps.settings.fieldEncryption };
      const meeting = openMeeting(itemKey, envelope);
      return meetingItem(
        row.meetingId,
        meeting,
        itemKey,
        { ...known, ownId, idOf: (address) => webexIdOf(deps, lookUpKey, address) },
        deps.random,
      );
    });
  } finally {
    lookUpKey?.fill(0);
  }
}

/** The space that was made for the meeting, or for its whole series; known in the organiser's own list. */
function spaceOf(r: Reader, { mailboxId, eventId, seriesId }: MeetingRow): string | null {
  const arrangement = r.arrangement(mailboxId, eventId) ?? r.arrangement(mailboxId, seriesId ?? '');
  return arrangement?.spaceId ?? null;
}

// Two keys are needed at once and each is lent for one call: the directory key is copied, and zeroed by the caller.
async function lookUpKeyCopy(deps: SyncDeps): Promise<Uint8Array | null> {
  const directory = knownDirectoryKey(deps);
  return directory === null ? null : deps.kms.withKey(directory.uri, (key) => Uint8Array.from(key));
}

/** The Webex id of an enabled person or room; only keyed hashes are compared. */
function webexIdOf(deps: SyncDeps, lookUpKey: Uint8Array | null, address: string): string | null {
  if (lookUpKey === null) return null;
  const hash = keyedHash(lookUpKey, 'address', normaliseAddress(address));
  return deps.store.read((r) => r.mailboxByAddressHash(hash))?.webexId ?? null;
}

/** `hintedAt`: when the change was first heard of. */
function delivered(deps: SyncDeps, row: MeetingRow, outcome: DeliveryOutcome, hintedAt: number): Closing {
  const at = deps.clock.now();
  const { mailboxId, meetingId, version, eventId } = row;
  const fenced = outcome === 'fenced';
  const latencyMs = Math.max(0, at - row.changedAt);
  const delivery: DeliveryRow = { at, mailboxId, meetingId, version, kind: kindOf(row, outcome), latencyMs };
  return {
    write: (w) => {
      w.setDelivered(mailboxId, eventId, version);
      if (!fenced) w.addDelivery(delivery);
      w.addTrace({ at, mailboxId, eventId, code: fenced ? 'DELIVERY_FENCED' : 'DELIVERED' });
    },
    told: () => {
      if (!fenced) deps.events.delivered(delivery, at - hintedAt);
    },
  };
}

function kindOf(row: MeetingRow, outcome: DeliveryOutcome): DeliveryRow['kind'] {
  if (outcome === 'withdrawn' || row.state === 'withdrawn') return 'withdraw';
  return outcome === 'created' ? 'create' : 'update';
}
