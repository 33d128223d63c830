import { type Recognition, recogniseLink } from './recognise.ts';
import type { RuleIndex } from './rule-index.ts';
import { DEEPEST_WRAPPING, unwrapOnce } from './unwrap.ts';
import { readWebAddress } from './web-address.ts';

export interface LinkReading {
  /** Unwrapped, as far as that goes without a network. */
  readonly address: string;
  readonly recognition: Recognition | { readonly kind: 'wrapped'; readonly wrapper: string };
}

/** Takes a link out of its wrappers and recognises it; null for an ordinary link and for what is none. */
export function readLink(text: string, rules: RuleIndex): LinkReading | null {
  // A wrapper only carries the link: it may be named without TLS.
  let link = readWebAddress(text, rules.wrapperSchemes);
  for (let depth = 0; link !== null && depth <= DEEPEST_WRAPPING; depth += 1) {
    const inside = unwrapOnce(link);
    if (inside === null) {
      const recognition = link.scheme === 'http' ? null : recogniseLink(link, rules);
      return recognition === null ? null : { address: link.address, recognition };
    }
    if (inside.target === null)
      return { address: link.address, recognition: { kind: 'wrapped', wrapper: inside.wrapper } };
    link = readWebAddress(inside.target, rules.wrapperSchemes);
  }
  return null;
}
