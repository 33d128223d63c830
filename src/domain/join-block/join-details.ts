import { chooseLanguage } from './choose-language.ts';
import type { Language } from './languages.ts';

export interface PhoneNumber {
  /** As it is dialled, e.g. `+46 8 505 200 00`. */
  readonly number: string;
  /** Where it is, in Webex's words, e.g. `Sweden Toll`; empty when Webex told none. */
  readonly place: string;
}

/** How a meeting is joined, as its join block shows it. Null and empty: there is none. */
export interface JoinDetails {
  /** `https://…` */
  readonly link: string | null;
  /** `name@site.webex.com` or `number@site.webex.com` */
  readonly videoAddress: string | null;
  readonly meetingNumber: string | null;
  readonly password: string | null;
  readonly phones: readonly PhoneNumber[];
  readonly accessCode: string | null;
}

/** What can be switched: the link, the video address, the number with its password, phones with access code, a word to the host. */
export const JOIN_PARTS = ['link', 'video', 'number', 'phone', 'host-note'] as const;
export type JoinPart = (typeof JOIN_PARTS)[number];

/** A join block as a value. The same value always gives the same text. */
export interface JoinBlock {
  readonly details: JoinDetails;
  readonly parts: readonly JoinPart[];
  readonly language: Language;
  /** The organisation's own plain text above and below the details; null for none. */
  readonly header: string | null;
  readonly footer: string | null;
}

/** Plain texts by language. */
export type TextByLanguage = Readonly<Partial<Record<Language, string>>>;

/** What an organisation chooses for all its join blocks. */
export interface JoinBlockSettings {
  readonly parts: readonly JoinPart[];
  /** One language for all; null: each organiser's own. */
  readonly language: Language | null;
  /** Where the organiser's own is unknown or not kept; also whose header and footer stand in for those of a language without. */
  readonly fallbackLanguage: Language;
  readonly headers: TextByLanguage;
  readonly footers: TextByLanguage;
}

export const DEFAULT_SETTINGS: JoinBlockSettings = {
  parts: JOIN_PARTS,
  language: null,
  fallbackLanguage: 'en',
  headers: {},
  footers: {},
};

/** The block of a meeting for an organiser whose mailbox speaks `locale`, e.g. `sv-FI`; null when nobody chose one. */
export function joinBlockOf(
  details: JoinDetails,
  settings: JoinBlockSettings,
  locale: string | null,
): JoinBlock {
  const { parts, fallbackLanguage: fallback, headers, footers } = settings;
  const language = chooseLanguage(locale, settings.language, fallback);
  const header = headers[language] ?? headers[fallback] ?? null;
  const footer = footers[language] ?? footers[fallback] ?? null;
  return { details, parts, language, header, footer };
}

/** Every header and footer: by these their lines are known again in a body. */
export function ownTexts({ headers, footers }: JoinBlockSettings): string[] {
  return [...Object.values(headers), ...Object.values(footers)];
}
