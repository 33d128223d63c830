/** An address as it stands in a text. */
export interface Found {
  readonly text: string;
  readonly at: number;
}

/** What ends an address: blanks, brackets, quotes, and the scripts that are written without blanks between words. */
const END =
  '\\s<>"`{}|\\\\^\\[\\]\\u0000-\\u001f\\u00a0\\u00ab\\u00bb\\u2000-\\u206f\\u2e80-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\ufe30-\\ufe4f\\uff00-\\uffef';
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
/** A host with a path and no scheme, as people type it; never the middle of a word, an address or another link. */
const BARE = new RegExp(
  `(?<![\\p{L}\\p{N}._%+@/:=&?#~-]|:/)(?:${LABEL}\\.){1,6}[a-z]{2,24}(?::\\d{1,5})?/[^${END}]+`,
  'giu',
);
/** In a text that opens with `<`, an address goes on over line ends (RFC 3986, appendix C). */
const FOLDED = /<(https:\/\/[^\s<>"]{1,998}(?:\r?\n[ \t]?[^\s<>"]{1,998}){1,40})>/giu;

/** Finds links in a text, in time proportional to its length; `schemes`: those besides https. */
export class AddressScan {
  readonly #withScheme: RegExp;

  constructor(schemes: ReadonlySet<string>) {
    const own = [...schemes].map((scheme) => scheme.replaceAll(/[.+]/g, '\\$&')).join('|');
    const others = own === '' ? '' : `|(?<![a-z0-9+.-])(?:${own}):`;
    this.#withScheme = new RegExp(`(?:https://${others})(?:(?![,;]https?:)[^${END}])+`, 'giu');
  }

  /** Links in the order in which they stand. */
  links(text: string): Found[] {
    const found: Found[] = [];
    for (const { index, 1: address = '' } of text.matchAll(FOLDED))
      found.push({ text: address.replaceAll(/\s+/g, ''), at: index + 1 });
    const folded = new Set(found.map(({ at }) => at));
    for (const { index, 0: address } of text.matchAll(this.#withScheme))
      if (!folded.has(index)) found.push({ text: withoutTail(address), at: index });
    for (const { index, 0: address } of text.matchAll(BARE))
      found.push({ text: `https://${withoutTail(address)}`, at: index });
    return found.sort((a, b) => a.at - b.at);
  }
}

/** Takes off the punctuation of the sentence around an address: it is no part of what is opened. */
export function withoutTail(address: string): string {
  let end = address.length;
  const open = { '(': count(address, '('), ')': count(address, ')') };
  for (; end > 0; end -= 1) {
    const last = address[end - 1] ?? '';
    if (last === ')' && open[')'] > open['(']) open[')'] -= 1;
    else if (!/[.,;:!?'*~$…]/u.test(last)) break;
  }
  return address.slice(0, end);
}

function count(text: string, char: string): number {
  let n = 0;
  for (const one of text) if (one === char) n += 1;
  return n;
}
