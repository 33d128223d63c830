import { groupedDigits, type PrintedField } from './printed-fields.ts';
import type { RuleIndex } from './rule-index.ts';
import { type VideoAddress, videoProvider } from './video-address.ts';

/**
 * How a room device dials a Teams meeting through a service between the two: the tenant's address and the video id behind it, in
 * the one-step form of that service (reference: webex.md 5.2). A plain address counts only with a number right behind it.
 */
export function interopAddress(
  text: string,
  video: readonly VideoAddress[],
  fields: readonly PrintedField[],
  rules: RuleIndex,
): string | null {
  for (const { address, at } of video) {
    const end = at + address.length;
    const behind = fields.find((field) => isRightBehind(text, end, field));
    const id = behind === undefined ? null : groupedDigits(behind.value);
    const known = videoProvider(address, rules) === 'teams';
    if (known || (id !== null && id.length >= 6)) return oneStep(address, id, rules);
  }
  return null;
}

const NEAR = 200;

/** Whether a field begins on the line of what ends at `end`, or on the next one that holds anything. */
export function isRightBehind(text: string, end: number, { at }: PrintedField): boolean {
  return at >= end && at - end < NEAR && !text.slice(end, at).trim().includes('\n');
}

function oneStep(address: string, id: string | null, rules: RuleIndex): string {
  const at = address.indexOf('@');
  const [user, host] = [address.slice(0, at), address.slice(at + 1)];
  if (id === null) return address;
  if (rules.interopWithTenant.has(host)) return `${id}.${user}@${host}`;
  return /^\d+$/.test(user) ? address : `${id}@${host}`;
}
