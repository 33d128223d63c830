import type { Candidate } from './candidates.ts';
import { detailStretches, type Stretch } from './detail-stretch.ts';
import { interopAddress, isRightBehind } from './interop-address.ts';
import type { Invitation } from './invitation.ts';
import { codeWord, groupedDigits, type PrintedField, printedFields } from './printed-fields.ts';
import type { RuleIndex } from './rule-index.ts';
import { isDialled, type VideoAddress, videoAddressesIn, videoProvider } from './video-address.ts';

/** What is printed beside a join target, for people and devices that dial. */
export interface DialDetails {
  readonly sip: string | null;
  readonly meetingId: string | null;
  readonly passcode: string | null;
}

const SHORTEST_LABELLED_ID = 4;
const SHORTEST_ID = 9;
const LONGEST_ID = 15;
/** Where words in a language that nobody foresaw stand before it, the number is one of the first fields behind the link. */
const FIRST_FIELDS = 4;
const NEAR_PHONE = 40;
/** More than any invitation prints. */
const MOST_FIELDS = 200;

/** Reads what is printed for the winner: by shape and place, and by words where a provider's shape alone does not tell. */
export function detailsOf(
  best: Candidate,
  invitation: Invitation,
  candidates: readonly Candidate[],
  rules: RuleIndex,
): DialDetails {
  const readings = detailStretches(best, invitation, candidates).map((stretch) =>
    new DetailReader(best, stretch, rules).read(),
  );
  const first = <K extends keyof DialDetails>(key: K): DialDetails[K] | null =>
    readings.find((reading) => reading[key] !== null)?.[key] ?? null;
  return {
    sip: first('sip') ?? best.sip,
    meetingId: first('meetingId') ?? best.meetingId,
    passcode: first('passcode'),
  };
}

class DetailReader {
  readonly #best: Candidate;
  readonly #rules: RuleIndex;
  readonly #fields: readonly PrintedField[];
  readonly #video: readonly VideoAddress[];
  readonly #text: string;
  readonly #anchor: number;

  constructor(best: Candidate, { text, from, to, anchor }: Stretch, rules: RuleIndex) {
    this.#best = best;
    this.#rules = rules;
    this.#text = text.slice(from, to);
    this.#anchor = anchor - from;
    this.#fields = printedFields(this.#text).slice(0, MOST_FIELDS);
    this.#video = videoAddressesIn(this.#text).slice(0, MOST_FIELDS);
  }

  read(): DialDetails {
    const idField = this.#idField();
    const printed = idField === null ? null : groupedDigits(idField.value);
    const meetingId = this.#best.meetingId ?? printed;
    const passcodes = this.#passcodes(idField);
    return { sip: this.#sip(meetingId, passcodes), meetingId, passcode: passcodes[0] ?? null };
  }

  #idField(): PrintedField | null {
    const fields = this.#fields.filter((field) => !this.#belongsToVideo(field));
    const known = this.#best.meetingId?.replaceAll(/\D/g, '') ?? '';
    if (known !== '') {
      const same = fields.find(({ value }) => groupedDigits(value) === known);
      if (same !== undefined) return same;
    }
    const byWords = fields.find(
      (field) => this.#hasWord(field, this.#rules.meetingIdWords) && isId(field, true),
    );
    if (byWords !== undefined || !this.#isAnyLanguage()) return byWords ?? null;
    const behind = fields.filter(({ at, loose }) => !loose && at >= this.#anchor);
    return behind.slice(0, FIRST_FIELDS).find((field) => isId(field, false)) ?? null;
  }

  #passcodes(idField: PrintedField | null): string[] {
    const after = idField === null || !this.#isAnyLanguage() ? undefined : this.#fieldAfter(idField);
    const word = after === undefined ? null : codeWord(after.value);
    const first = word !== null && /^[!-~]{4,}$/.test(word) ? [word] : [];
    const named = this.#fields
      .filter((field) => field !== idField && this.#namesPasscode(field))
      .filter(({ loose, value }) => !loose || isCodeAlone(value));
    return [...first, ...named.flatMap(({ value }) => codeWord(value) ?? [])];
  }

  /** The field right behind another one, nothing between them. */
  #fieldAfter({ end }: PrintedField): PrintedField | undefined {
    const next = this.#fields.find(({ at, loose }) => !loose && at >= end);
    return next !== undefined && this.#text.slice(end, next.at).trim() === '' ? next : undefined;
  }

  #sip(meetingId: string | null, passcodes: readonly string[]): string | null {
    const { provider, sip, url } = this.#best;
    if (url === null && provider !== 'zoom' && provider !== 'teams') return sip;
    if (provider === 'teams') return interopAddress(this.#text, this.#video, this.#fields, this.#rules);
    const claimed = this.#video.find(({ address }) => videoProvider(address, this.#rules) === provider);
    const printed = claimed?.address ?? sip ?? this.#unclaimed() ?? this.#made(meetingId);
    return provider === 'zoom' ? withPasscode(printed, passcodes) : printed;
  }

  /** A video address that nobody claims dials the meeting of the link that it stands beside. */
  #unclaimed(): string | null {
    if (this.#rules.dialled.has(this.#best.provider)) return null;
    const one = this.#video.find(
      ({ address, scheme }) =>
        videoProvider(address, this.#rules) === null &&
        (scheme === 'sip' || isDialled(address, this.#rules) || this.#isNamed(address)),
    );
    return one?.address ?? null;
  }

  /** The room's own name stands in the link too. */
  #isNamed(address: string): boolean {
    const user = address.slice(0, address.indexOf('@'));
    return (this.#best.url ?? '').toLowerCase().includes(`/${user.toLowerCase()}`);
  }

  #made(meetingId: string | null): string | null {
    const { url, provider } = this.#best;
    const form = this.#rules.madeOf.get(provider);
    if (form === undefined || meetingId === null || url === null) return null;
    return form.replace('{id}', meetingId).replace('{host}', URL.parse(url)?.hostname ?? '');
  }

  /** The number behind a video address is for that address. */
  #belongsToVideo(field: PrintedField): boolean {
    if (this.#best.provider !== 'teams') return false;
    return this.#video.some(({ at, address }) => {
      const end = at + address.length;
      return isRightBehind(this.#text, end, field);
    });
  }

  #isAnyLanguage(): boolean {
    return this.#rules.anyLanguage.has(this.#best.provider);
  }

  #namesPasscode(field: PrintedField): boolean {
    const { passcodeWords, otherCodeWords } = this.#rules;
    // What stands behind a telephone number is for the telephone.
    const before = this.#text.slice(Math.max(0, field.at - NEAR_PHONE), field.at);
    const ofPhone =
      /(?:^|[^\w/-])\+?\d[\d ()-]{6,}(?!\S*\/)/.test(field.label) || /\+\d[\d ()-]{6,}\s*$/.test(before);
    return !ofPhone && this.#hasWord(field, passcodeWords) && !this.#hasWord(field, otherCodeWords);
  }

  #hasWord({ label }: PrintedField, words: readonly string[]): boolean {
    const lower = label.toLowerCase();
    return words.some((word) => lower.includes(word));
  }
}

/** Without a colon before it only what looks like a code is one. */
function isCodeAlone(value: string): boolean {
  return /^[^\s|]*\d[^\s|]*$/.test(value);
}

function isId({ value }: PrintedField, labelled: boolean): boolean {
  const digits = groupedDigits(value);
  const shortest = labelled ? SHORTEST_LABELLED_ID : SHORTEST_ID;
  return digits !== null && digits.length >= shortest && digits.length <= LONGEST_ID;
}

/** Digits alone can be dialled behind the number (reference: webex.md 5.2). */
function withPasscode(address: string | null, passcodes: readonly string[]): string | null {
  const passcode = passcodes.find((one) => /^\d+$/.test(one));
  if (address === null || passcode === undefined) return address;
  const at = address.indexOf('@');
  const user = address.slice(0, at);
  return /^\d+$/.test(user) ? `${user}.${passcode}${address.slice(at)}` : address;
}
