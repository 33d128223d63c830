import { isLanguage, type Language } from './languages.ts';

/** What people and older systems call a language that is kept here under another name. */
const SAME: Readonly<Record<string, Language>> = {
  no: 'nb',
  nn: 'nb',
  'zh-chs': 'zh-Hans',
  'zh-cht': 'zh-Hant',
};

/**
 * The language of a join block: the organisation's own choice before the mailbox's, before the fallback. Locales are those of
 * mailbox settings, e.g. `sv-FI` (reference: hybrid-calendar.md 1.8); null for a mailbox that was never opened.
 */
export function chooseLanguage(
  mailboxLocale: string | null,
  organisationOverride: Language | null,
  fallback: Language,
): Language {
  return organisationOverride ?? languageOf(mailboxLocale ?? '') ?? fallback;
}

/** The kept language that a locale asks for; null when there is none. */
export function languageOf(locale: string): Language | null {
  const tag = locale.trim().replaceAll('_', '-');
  const exact = SAME[tag.toLowerCase()];
  if (exact !== undefined) return exact;
  const parsed = parse(tag);
  if (parsed === null) return null;
  if (parsed.language === 'zh') return parsed.script === 'Hant' ? 'zh-Hant' : 'zh-Hans';
  if (parsed.language === 'pt') return parsed.region === 'BR' ? 'pt-BR' : 'pt-PT';
  const language = SAME[parsed.language] ?? parsed.language;
  return isLanguage(language) ? language : null;
}

interface Parsed {
  readonly language: string;
  readonly script: string | undefined;
  /** As it stands in the tag; not guessed. */
  readonly region: string | undefined;
}

/** Old codes (`iw`, `in`) become today's; the script of Chinese follows from the region. */
function parse(tag: string): Parsed | null {
  try {
    const locale = new Intl.Locale(tag);
    return { language: locale.language, script: locale.maximize().script, region: locale.region };
  } catch {
    // Not a language tag.
    return null;
  }
}
