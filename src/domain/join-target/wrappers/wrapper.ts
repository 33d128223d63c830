import type { WebAddress } from '../web-address.ts';

/** The link inside a wrapper; null when it can only be asked for at the wrapper's own service. */
export interface Unwrapped {
  /** The wrapper's name, e.g. `safe-links`. */
  readonly wrapper: string;
  readonly target: string | null;
}

/** Knows one family of wrappers; null for every other link. */
export type Wrapper = (link: WebAddress) => Unwrapped | null;

/** Whether the host is this one or stands below it. */
export function isBelow(host: string, parent: string): boolean {
  return host === parent || host.endsWith(`.${parent}`);
}

/** Percent-decoded once; as it is where that is not possible. */
export function decodedOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The bytes of base64 in either alphabet, with or without its padding. */
export function fromBase64(text: string): Uint8Array {
  return Buffer.from(text.replaceAll('-', '+').replaceAll('_', '/'), 'base64');
}
