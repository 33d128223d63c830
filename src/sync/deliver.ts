import { AppError } from '../domain/app-error.ts';
import type { LeasedJob } from '../domain/job.ts';
import type { Meeting } from '../domain/meeting.ts';
import type { DeliveryOutcome, MeetingItem } from '../domain/ports.ts';
import type { MeetingRow } from '../domain/rows.ts';
import { openEnvelope } from '../seal/envelope.ts';
import { keyedHash } from '../seal/keyed-hash.ts';
import { normaliseAddress } from './addresses.ts';
import { mailboxOf } from './job-mailbox.ts';
import { type ItemKey, meetingItem } from './meeting-item.ts';
import { meetingPlace } from './store-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';

/** Hands the newest version of a meeting to Webex; versions that were overtaken are never sent. */
export async function deliver(deps: SyncDeps, job: LeasedJob): Promise<void> {
  const mailbox = mailboxOf(deps, job);
  const row = deps.store.read((r) => r.meeting(mailbox.id, job.eventId ?? ''));
  if (row === null || mailbox.webexId === null || row.deliveredVersion >= row.version) return;
  const outcome = await send(deps, mailbox.webexId, row);
  settle(deps, row, outcome, job.createdAt);
}

async function send(deps: SyncDeps, webexId: string, row: MeetingRow): Promise<DeliveryOutcome> {
  if (row.state === 'withdrawn') return deps.sink.withdraw(webexId, row.meetingId, row.version);
  return deps.sink.put(webexId, await itemOf(deps, row), row.version);
}

/** Opens the envelope in memory and seals its fields for the wire (design D5). */
async function itemOf(deps: SyncDeps, row: MeetingRow): Promise<MeetingItem> {
  const { keyUri, envelope } = row;
  if (keyUri === null || envelope === null) throw noEnvelope();
  const lookUpKey = await lookUpKeyCopy(deps);
  const place = meetingPlace(deps, row);
  try {
    return await deps.kms.withKey(keyUri, (key) => {
      const itemKey: ItemKey = { uri: keyUri, key, place, algorithm: deps.settings.fieldEncryption };
      const meeting = openMeeting(itemKey, envelope);
      return meetingItem(
        row.meetingId,
        meeting,
        itemKey,
        (address) => webexIdOf(deps, lookUpKey, address),
        deps.random,
      );
    });
  } finally {
    lookUpKey?.fill(0);
  }
}

function openMeeting({ key, uri, place }: ItemKey, envelope: Uint8Array): Meeting {
  const plain = openEnvelope(key, uri, place, envelope);
  try {
    return JSON.parse(Buffer.from(plain).toString('utf8'));
  } finally {
    plain.fill(0);
  }
}

// Two keys are needed at once and each is lent for one call: the directory key is copied, and zeroed by the caller.
async function lookUpKeyCopy(deps: SyncDeps): Promise<Uint8Array | null> {
  const directory = deps.store.read((r) => r.keys().find((key) => key.role === 'directory'));
  return directory === undefined ? null : deps.kms.withKey(directory.uri, (key) => Uint8Array.from(key));
}

/** The Webex id of an enabled person or room; only keyed hashes are compared. */
function webexIdOf(deps: SyncDeps, lookUpKey: Uint8Array | null, address: string): string | null {
  if (lookUpKey === null) return null;
  const hash = keyedHash(lookUpKey, 'address', normaliseAddress(address));
  return deps.store.read((r) => r.mailboxByAddressHash(hash))?.webexId ?? null;
}

function settle(deps: SyncDeps, row: MeetingRow, outcome: DeliveryOutcome, hintedAt: number): void {
  const now = deps.clock.now();
  const kind =
    outcome === 'withdrawn' || row.state === 'withdrawn'
      ? 'withdraw'
      : outcome === 'created'
        ? 'create'
        : 'update';
  const { mailboxId, meetingId, version, eventId } = row;
  const delivery = {
    at: now,
    mailboxId,
    meetingId,
    version,
    kind,
    latencyMs: Math.max(0, now - row.changedAt),
  } as const;
  deps.store.write((w) => {
    w.setDelivered(mailboxId, eventId, version);
    if (outcome !== 'fenced') w.addDelivery(delivery);
    w.addTrace({ at: now, mailboxId, eventId, code: outcome === 'fenced' ? 'DELIVERY_FENCED' : 'DELIVERED' });
  });
  if (outcome !== 'fenced') deps.events.delivered(delivery, now - hintedAt);
}

function noEnvelope(): AppError {
  return new AppError({
    code: 'internal',
    reason: 'NO_ENVELOPE',
    message: 'A listed meeting has no sealed content.',
  });
}
