import type { LeasedJob } from '../domain/job.ts';
import type { DeliveryOutcome } from '../domain/ports.ts';
import type { DeliveryRow, MailboxRow, MeetingRow } from '../domain/rows.ts';
import { hashUnder } from './addresses.ts';
import { allOf, type Closing, NOTHING, rows } from './closing.ts';
import { usableDirectoryKeys } from './directory-key.ts';
import { WEBEX_ORG } from './enable-mailbox.ts';
import { mailboxOf } from './job-mailbox.ts';
import { withSealingKey } from './mailbox-keys.ts';
import { type ItemKey, meetingItem, type SealedItem } from './meeting-item.ts';
import { meetingPlace, noEnvelope, openMeeting } from './sealed-meeting.ts';
import { spaceOfMeeting } from './space-of-meeting.ts';
import { traced } from './store-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';
import { canOpen, countSeals } from './working-key.ts';

/** Hands the newest version of a meeting to Webex; versions that were overtaken are never sent. */
export async function deliver(deps: SyncDeps, job: LeasedJob): Promise<Closing> {
  const mailbox = mailboxOf(deps, job);
  const row = deps.store.read((r) => r.meeting(mailbox.id, job.eventId ?? ''));
  const { webexId } = mailbox;
  if (row === null || webexId === null || row.deliveredVersion >= row.version) return NOTHING;
  if (row.state === 'withdrawn') {
    const outcome = await deps.sink.withdraw(webexId, row.meetingId, row.version);
    return delivered(deps, row, outcome, job.createdAt);
  }
  const wire = await onTheWire(deps, mailbox, row);
  // Its key is lost: it is read anew, which makes the version that is delivered.
  if (wire === null) return traced(deps, mailbox, row.eventId, 'KEY_LOST');
  const outcome = await deps.sink.put(webexId, wire.item, row.version);
  const counted = rows((w) => countSeals(w, wire.keyUri, wire.seals, deps.clock.now()));
  return allOf([counted, delivered(deps, row, outcome, job.createdAt)]);
}

type Wire = SealedItem & { readonly keyUri: string };

/**
 * Opens the envelope in memory and seals its fields for the wire (design D5), under the key that seals now: that of the envelope may
 * only open any more. Null when the envelope's key is lost.
 */
async function onTheWire(deps: SyncDeps, mailbox: MailboxRow, row: MeetingRow): Promise<Wire | null> {
  const { keyUri, envelope } = row;
  if (keyUri === null) throw noEnvelope();
  // Asked before several keys are lent at once, whose failure would not tell which of them is lost.
  if (!(await canOpen(deps, keyUri))) return null;
  const lookUp = await usableDirectoryKeys(deps);
  const place = meetingPlace(deps, row);
  const orgId = deps.store.read((r) => r.setting(WEBEX_ORG));
  const spaceId = await spaceOfMeeting(deps, row);
  const algorithm = deps.settings.fieldEncryption;
  const others = [keyUri, ...lookUp.map(({ uri }) => uri)];
  return await withSealingKey(
    deps,
    mailbox,
    (key, { uri }, [envelopeKey = key, ...lookUpKeys]) => {
      const meeting = openMeeting({ uri: keyUri, key: envelopeKey, place }, envelope);
      const idOf = (address: string) => webexIdOf(deps, lookUpKeys, address);
      const webex = { orgId, spaceId, ownId: mailbox.webexId, idOf };
      const itemKey: ItemKey = { uri, key, place, algorithm };
      return { ...meetingItem(row.meetingId, meeting, itemKey, webex, deps.random), keyUri: uri };
    },
    others,
  );
}

/** The Webex id of an enabled person or room; only keyed hashes are compared. */
function webexIdOf(deps: SyncDeps, lookUpKeys: readonly Uint8Array[], address: string): string | null {
  for (const key of lookUpKeys) {
    const row = deps.store.read((r) => r.mailboxByAddressHash(hashUnder(key, address)));
    if (row !== null) return row.webexId;
  }
  return null;
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
