import { z } from 'zod';
import { minute } from './minute.ts';

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
  return [
    `${counted(sealing, 'key', 'keys')} for sealing, ${retired} only for opening`,
    `the oldest seals for ${counted(days, 'day', 'days')}, the next is made ${minute(nextRenewalAt)}`,
    `${mostSeals} of ${sealsAllowed} sealings at most under one key`,
  ].join('\n           ');
}

function directory({ directory: key }: KeysReport): string {
  if (key === null) return 'no key yet: it is made with the first mailbox';
  const { since, nextRenewalAt, addresses, underOlderKey } = key;
  const next = nextRenewalAt === null ? 'when you ask for it' : minute(nextRenewalAt);
  const older = underOlderKey === 0 ? '' : `, ${underOlderKey} of them still under an older key`;
  const what = counted(addresses, 'address', 'addresses');
  return `one key since ${minute(since)} for ${what}${older}; the next is made ${next}`;
}

function rotation({ rotation: asked }: KeysReport): string {
  if (asked === null) return 'nobody has asked for one';
  const { askedAt, left } = asked;
  return left === 0
    ? `the one of ${minute(askedAt)} is done`
    : `asked for ${minute(askedAt)}, ${counted(left, 'key', 'keys')} left`;
}

function kms({ outage, time }: KeysReport): string {
  if (outage === null) return 'answers';
  const away = `away since ${minute(outage.since)} (${outage.reason})`;
  return `${away}; ${copies(outage, time)}`;
}

/** For how long keys in memory serve. Instants of one form compare as texts. */
function copies(
  { firstKeyServesUntil: first, lastKeyServesUntil: last }: NonNullable<KeysReport['outage']>,
  time: string,
): string {
  if (first === null || last === null) return 'no key is in memory: changes wait until it answers';
  if (last <= time) return 'no key serves any more: changes wait until it answers';
  if (first <= time) return `some keys in memory serve, the last one until ${minute(last)}`;
  return `keys in memory serve until ${minute(first)}, the last one until ${minute(last)}`;
}

function counted(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}
