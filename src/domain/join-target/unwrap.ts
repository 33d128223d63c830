import type { WebAddress } from './web-address.ts';
import { avanan } from './wrappers/avanan.ts';
import { ciscoSecureEmail } from './wrappers/cisco-secure-email.ts';
import { inParameter } from './wrappers/in-parameter.ts';
import { opaque } from './wrappers/opaque.ts';
import { proofpoint } from './wrappers/proofpoint.ts';
import { sophos } from './wrappers/sophos.ts';
import type { Unwrapped, Wrapper } from './wrappers/wrapper.ts';

const WRAPPERS: readonly Wrapper[] = [inParameter, proofpoint, ciscoSecureEmail, avanan, sophos, opaque];

/** Mail gateways wrap what others have wrapped already; deeper than this nobody does in earnest. */
export const DEEPEST_WRAPPING = 10;

/** What a wrapped link really leads to, one wrapper off; null when it is not wrapped. Nothing is asked of the network. */
export function unwrapOnce(link: WebAddress): Unwrapped | null {
  for (const wrapper of WRAPPERS) {
    const unwrapped = wrapper(link);
    if (unwrapped !== null) return unwrapped;
  }
  return null;
}
