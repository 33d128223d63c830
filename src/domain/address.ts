import { domainToASCII } from 'node:url';

const NOT_ASCII = /[^\x20-\x7e]/;
/** A sane check, not RFC 5321: what Exchange Online takes as a primary address, so no quotes, spaces or dots in a row. */
const PRIMARY =
  /^(?=.{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/**
 * An address as it is compared everywhere, and as Graph and Webex are asked: trimmed, composed, lower case, an international
 * domain as the DNS writes it (`xn--…`).
 */
export function normaliseAddress(address: string): string {
  const plain = address.trim().normalize('NFC').toLowerCase();
  const at = plain.lastIndexOf('@');
  const domain = plain.slice(at + 1);
  if (at < 0 || !NOT_ASCII.test(domain)) return plain;
  // What is no domain stays as it is, and equals nothing but itself.
  return plain.slice(0, at + 1) + (domainToASCII(domain) || domain);
}

/** Whether a normalised address can be one of Exchange Online. */
export function isMailboxAddress(normalised: string): boolean {
  return PRIMARY.test(normalised);
}
