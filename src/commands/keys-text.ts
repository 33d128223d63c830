import { z } from 'zod';

const TIME = z.iso.datetime();

/** How the keys stand, as the command socket gives it. */
export const KEY_REPORT = z.object({
  time: TIME,
  mailboxes: z.object({
    sealing: z.number(),
    retired: z.number(),
    oldestSince: TIME.nullable(),
    nextRenewalAt: TIME.nullable(),
    mostSeals: z.number(),
    sealsAllowed: z.number(),
  }),
  directory: z
    .object({
      since: TIME,
      nextRenewalAt: TIME.nullable(),
      addresses: z.number(),
      underOlderKey: z.number(),
    })
    .nullable(),
  rotation: z.object({ askedAt: TIME, left: z.number() }).nullable(),
  outage: z
    .object({
      since: TIME,
      reason: z.string(),
      firstKeyServesUntil: TIME.nullable(),
      lastKeyServesUntil: TIME.nullable(),
    })
    .nullable(),
});
export type KeysReport = z.infer<typeof KEY_REPORT>;

/** The report for a person at a terminal. */
export function keysText(report: KeysReport): string {
  return [
    `mailboxes  ${mailboxes(report)}`,
    `directory  ${directory(report)}`,
    `rotation   ${rotation(report)}`,
    `KMS        ${kms(report)}`,
  ].join('\n');
}

function mailboxes({ mailboxes: keys, time }: KeysReport): string {
  const { sealing, retired, oldestSince, nextRenewalAt, mostSeals, sealsAllowed } = keys;
  if (oldestSince === null || nextRenewalAt === null) return `no key seals, ${retired} only open`;
  const days = Math.floor((Date.parse(time) - Date.parse(oldestSince)) / 86_400_000);
  const age = `the oldest for ${days} ${days === 1 ? 'day' : 'days'}`;
  const counts = `${sealing} ${sealing === 1 ? 'key seals' : 'keys seal'} (${age}), ${retired} only open`;
  return `${counts}; the next is made ${minute(nextRenewalAt)}\n           ${mostSeals} of ${sealsAllowed} sealings at most under one key`;
}

function directory({ directory: key }: KeysReport): string {
  if (key === null) return 'no key yet: it is made with the first mailbox';
  const { since, nextRenewalAt, addresses, underOlderKey } = key;
  const next = nextRenewalAt === null ? 'when you ask for it' : minute(nextRenewalAt);
  const older = underOlderKey === 0 ? '' : `, ${underOlderKey} of them still under an older key`;
  return `one key since ${minute(since)} for ${addresses} addresses${older}; the next is made ${next}`;
}

function rotation({ rotation: asked }: KeysReport): string {
  if (asked === null) return 'nobody has asked for one';
  const { askedAt, left } = asked;
  return left === 0
    ? `the one of ${minute(askedAt)} is done`
    : `asked for ${minute(askedAt)}, ${left} keys left`;
}

function kms({ outage, time }: KeysReport): string {
  if (outage === null) return 'answers';
  const { since, reason, firstKeyServesUntil: first, lastKeyServesUntil: last } = outage;
  const away = `away since ${minute(since)} (${reason})`;
  if (first === null || last === null) return `${away}; no key is in memory: changes wait until it answers`;
  if (last <= time) return `${away}; no key serves any more: changes wait until it answers`;
  return `${away}; keys in memory serve until ${minute(first)}, the last one until ${minute(last)}`;
}

/** `2026-11-23 09:30 UTC` */
function minute(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}
