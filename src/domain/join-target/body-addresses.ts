import type { HtmlReading } from '../html-text.ts';
import type { AddressScan, Found } from './address-scan.ts';
import { type VideoAddress, videoAddressesIn } from './video-address.ts';
import { readWebAddress } from './web-address.ts';
import { opaque } from './wrappers/opaque.ts';

/** What stands in a body, in the order in which it stands. */
export type FoundInBody =
  | { readonly at: number; readonly link: string }
  /** `mailed`: it is linked as a mail address. */
  | { readonly at: number; readonly video: VideoAddress; readonly mailed: boolean };

const HTTP: ReadonlySet<string> = new Set(['http']);

/**
 * Links and video addresses of links and text. What a link's own text says counts only where the link itself can't be read: a text
 * that names one address while the link opens another is a trick.
 */
export function foundInBody({ text, links }: HtmlReading, scan: AddressScan): FoundInBody[] {
  const found: FoundInBody[] = [];
  const covers = new Covers(links);
  for (const { href, at } of links) {
    found.push({ at, link: href });
    if (/^(?:sips?|h323):/i.test(href))
      for (const video of videoAddressesIn(href)) found.push({ at, video: { ...video, at }, mailed: false });
  }
  for (const one of scan.links(text)) if (!covers.hides(one)) found.push({ at: one.at, link: one.text });
  for (const video of videoAddressesIn(text))
    found.push({ at: video.at, video, mailed: covers.hrefAt(video.at).startsWith('mailto:') });
  return found.sort((a, b) => a.at - b.at);
}

/** The links over a text; asked for places that only grow. */
class Covers {
  readonly #links: HtmlReading['links'];
  #next = 0;
  #last = 0;

  constructor(links: HtmlReading['links']) {
    this.#links = links;
  }

  /** The link over this place, in lower case; empty when there is none. */
  hrefAt(at: number): string {
    if (at < this.#last) this.#next = 0;
    this.#last = at;
    while ((this.#links[this.#next]?.end ?? Number.MAX_SAFE_INTEGER) <= at) this.#next += 1;
    const link = this.#links[this.#next];
    return link !== undefined && link.at <= at ? link.href.toLowerCase() : '';
  }

  hides({ at, text }: Found): boolean {
    const href = this.hrefAt(at);
    if (!/^https?:/.test(href)) return false;
    const link = readWebAddress(href, HTTP);
    if (link === null) return true;
    return opaque(link) === null && link.host !== readWebAddress(text, HTTP)?.host;
  }
}
