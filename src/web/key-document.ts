import { MOST_SEALS } from '../domain/key-life.ts';
import type { KeyReport } from '../domain/key-report.ts';
import { instant, instantOrNull } from './instant.ts';

/** How the keys stand, as a stable contract to which members may be added; instants are RFC 3339. */
export function keyDocument({ now, mailboxes, directory, rotation, outage }: KeyReport): object {
  return {
    time: instant(now),
    mailboxes: {
      sealing: mailboxes.sealing,
      retired: mailboxes.retired,
      oldestSince: instantOrNull(mailboxes.oldestSealingSince),
      nextRenewalAt: instantOrNull(mailboxes.nextRenewalAt),
      mostSeals: mailboxes.mostSeals,
      sealsAllowed: MOST_SEALS,
    },
    directory: directory && {
      since: instant(directory.since),
      nextRenewalAt: instantOrNull(directory.nextRenewalAt),
      addresses: directory.addresses,
      underOlderKey: directory.underOlderKey,
    },
    rotation: rotation && { askedAt: instant(rotation.askedAt), left: rotation.left },
    outage: outage && outageDocument(outage),
  };
}

/** Null members: no key is in memory. */
export function outageDocument({
  since,
  reason,
  firstEndAt,
  lastEndAt,
}: NonNullable<KeyReport['outage']>): object {
  return {
    since: instant(since),
    reason,
    firstKeyServesUntil: instantOrNull(firstEndAt),
    lastKeyServesUntil: instantOrNull(lastEndAt),
  };
}
