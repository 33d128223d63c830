import type { HtmlReading } from '../html-text.ts';
import { findKeyword } from '../keyword.ts';
import { AddressScan } from './address-scan.ts';
import { blockRanges, isWithin } from './block-ranges.ts';
import { foundInBody } from './body-addresses.ts';
import type { Invitation } from './invitation.ts';
import type { JoinRules, JoinSource } from './join-source.ts';
import { readLink } from './link-reading.ts';
import type { NegativeKind } from './rule-pack.ts';
import { isDialled, type VideoAddress, videoAddressesIn, videoProvider } from './video-address.ts';

/** One way to join that the invitation holds. */
export interface Candidate {
  readonly provider: string;
  readonly source: JoinSource;
  /** The link, or the video address. */
  readonly address: string;
  readonly url: string | null;
  /** What a device dials, as far as the address itself says it. */
  readonly sip: string | null;
  readonly meetingId: string | null;
  /** Equal for two links into one meeting. */
  readonly key: string;
  readonly score: number;
  /** Which text it stands in: a body's number, or -1. */
  readonly body: number;
  /** Where in that text. */
  readonly at: number;
  /** The text of the place or of the online meeting that it stands in; null in a body. */
  readonly field: string | null;
}

type Standing = Pick<Candidate, 'source' | 'body' | 'at' | 'field'>;

/** A link that is no candidate though it looks like one. */
export type Ignored = {
  readonly address: string;
  readonly source: JoinSource;
} & (
  | { readonly reason: 'NEGATIVE' /** What it is instead. */; readonly detail: NegativeKind }
  | {
      readonly reason: 'WRAPPED' /** The wrapper that only its own service can open. */;
      readonly detail: string;
    }
);

export interface Candidates {
  readonly candidates: readonly Candidate[];
  readonly ignored: readonly Ignored[];
}

/** More than anybody sends; what stands behind them is not read. */
const MOST_ADDRESSES = 10_000;
const VIDEO_SCORE = 50;

/** All candidates in the order in which they stand: keyword, online meeting, locations, bodies. */
export function readCandidates(invitation: Invitation, rules: JoinRules): Candidates {
  const reader = new CandidateReader(rules);
  reader.keyword(invitation.locations);
  for (const text of invitation.onlineMeeting) reader.field(text, 'online-meeting');
  for (const text of invitation.locations) reader.field(text, 'location');
  for (const [number, body] of invitation.bodies.entries()) reader.body(body, number);
  return reader;
}

class CandidateReader implements Candidates {
  readonly candidates: Candidate[] = [];
  readonly ignored: Ignored[] = [];
  readonly #rules: JoinRules;
  readonly #scan: AddressScan;
  /** What was read already, by source: the same again says nothing new. */
  readonly #seen = new Set<string>();

  constructor(rules: JoinRules) {
    this.#rules = rules;
    this.#scan = new AddressScan(rules.index.schemes);
  }

  keyword(locations: readonly string[]): void {
    const hit = findKeyword(locations, this.#rules.keywords);
    if (hit === null) return;
    const none = { url: null, sip: null, meetingId: null, key: '', score: 0, body: -1, field: null };
    this.#add({ ...none, provider: 'webex', source: 'keyword', address: '', at: hit.start });
  }

  field(text: string, source: JoinSource): void {
    for (const { text: link, at } of this.#scan.links(text))
      this.#link(link, { source, body: -1, at, field: text });
    for (const video of videoAddressesIn(text)) {
      const provider = videoProvider(video.address, this.#rules.index) ?? this.#unclaimed(video);
      if (provider !== null) this.#video(video, provider, { source, body: -1, at: video.at, field: text });
    }
  }

  body({ text, links }: HtmlReading, body: number): void {
    const blocks = blockRanges(text);
    for (const found of foundInBody({ text, links }, this.#scan)) {
      const { at } = found;
      if ('video' in found) this.#bodyVideo(found.video, body, found.mailed);
      else this.#link(found.link, { source: isWithin(blocks, at) ? 'block' : 'body', body, at, field: null });
    }
  }

  /** In a body a plain address may be anybody's mail address: only digits, a scheme or a provider's host make it a way to join. */
  #bodyVideo(video: VideoAddress, body: number, mailed: boolean): void {
    const claimed = videoProvider(video.address, this.#rules.index);
    const provider = claimed ?? (mailed ? null : this.#unclaimed(video));
    if (provider === null) return;
    const source = claimed === null ? 'sip' : 'body';
    this.#video(video, provider, { source, body, at: video.at, field: null });
  }

  #unclaimed({ scheme, address }: VideoAddress): string | null {
    return scheme ?? (isDialled(address, this.#rules.index) ? 'sip' : null);
  }

  #link(text: string, place: Standing): void {
    const reading = this.#isNew(place.source, text) ? readLink(text, this.#rules.index) : null;
    if (reading === null) return;
    const { address, recognition } = reading;
    if (recognition.kind === 'join') {
      const { provider, score, sip, meetingId, key } = recognition;
      this.#add({ ...place, provider, score, sip, meetingId, key, address, url: address });
    } else if (this.#isNew('ignored', address)) {
      const { source } = place;
      if (recognition.kind === 'wrapped')
        this.ignored.push({ address, source, reason: 'WRAPPED', detail: recognition.wrapper });
      else this.ignored.push({ address, source, reason: 'NEGATIVE', detail: recognition.negative });
    }
  }

  #video({ address }: VideoAddress, provider: string, place: Standing): void {
    if (!this.#isNew(place.source, address)) return;
    this.#add({
      ...place,
      provider,
      address,
      url: null,
      sip: provider === 'h323' ? null : address,
      meetingId: null,
      key: address.toLowerCase(),
      score: VIDEO_SCORE,
    });
  }

  #isNew(source: JoinSource | 'ignored', text: string): boolean {
    const known = this.#seen.size;
    if (known < MOST_ADDRESSES) this.#seen.add(`${source} ${text}`);
    return this.#seen.size > known;
  }

  #add(candidate: Candidate): void {
    if (this.#rules.order.includes(candidate.source)) this.candidates.push(candidate);
  }
}
