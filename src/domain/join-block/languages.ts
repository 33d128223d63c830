import ar from './languages/ar.json' with { type: 'json' };
import bg from './languages/bg.json' with { type: 'json' };
import cs from './languages/cs.json' with { type: 'json' };
import da from './languages/da.json' with { type: 'json' };
import de from './languages/de.json' with { type: 'json' };
import el from './languages/el.json' with { type: 'json' };
import en from './languages/en.json' with { type: 'json' };
import es from './languages/es.json' with { type: 'json' };
import et from './languages/et.json' with { type: 'json' };
import fi from './languages/fi.json' with { type: 'json' };
import fr from './languages/fr.json' with { type: 'json' };
import he from './languages/he.json' with { type: 'json' };
import hr from './languages/hr.json' with { type: 'json' };
import hu from './languages/hu.json' with { type: 'json' };
import id from './languages/id.json' with { type: 'json' };
import icelandic from './languages/is.json' with { type: 'json' };
import it from './languages/it.json' with { type: 'json' };
import ja from './languages/ja.json' with { type: 'json' };
import ko from './languages/ko.json' with { type: 'json' };
import lt from './languages/lt.json' with { type: 'json' };
import lv from './languages/lv.json' with { type: 'json' };
import nb from './languages/nb.json' with { type: 'json' };
import nl from './languages/nl.json' with { type: 'json' };
import pl from './languages/pl.json' with { type: 'json' };
import ptBr from './languages/pt-BR.json' with { type: 'json' };
import ptPt from './languages/pt-PT.json' with { type: 'json' };
import ro from './languages/ro.json' with { type: 'json' };
import ru from './languages/ru.json' with { type: 'json' };
import sk from './languages/sk.json' with { type: 'json' };
import sl from './languages/sl.json' with { type: 'json' };
import sv from './languages/sv.json' with { type: 'json' };
import th from './languages/th.json' with { type: 'json' };
import tr from './languages/tr.json' with { type: 'json' };
import uk from './languages/uk.json' with { type: 'json' };
import vi from './languages/vi.json' with { type: 'json' };
import zhHans from './languages/zh-Hans.json' with { type: 'json' };
import zhHant from './languages/zh-Hant.json' with { type: 'json' };

/** What is said in one language; one file each. `row` puts a label and its value together. */
export interface Wording {
  /** The language's name for itself. */
  readonly name: string;
  /** Whether a native speaker has read it. */
  readonly reviewed: boolean;
  readonly direction: 'ltr' | 'rtl';
  /** Heading of the block, and the title of a meeting whose own is not to be told. */
  readonly title: string;
  readonly join: string;
  readonly video: string;
  readonly number: string;
  readonly password: string;
  readonly phone: string;
  readonly accessCode: string;
  readonly hostNote: string;
  /** `{label}` and `{value}`. */
  readonly row: string;
}

const WORDINGS = {
  en,
  sv,
  da,
  nb,
  fi,
  is: icelandic,
  de,
  nl,
  fr,
  es,
  it,
  'pt-PT': ptPt,
  'pt-BR': ptBr,
  pl,
  cs,
  sk,
  hu,
  ro,
  bg,
  el,
  hr,
  sl,
  et,
  lv,
  lt,
  uk,
  ru,
  tr,
  ar,
  he,
  ja,
  ko,
  'zh-Hans': zhHans,
  'zh-Hant': zhHant,
  th,
  vi,
  id,
} as const;

/** BCP 47, as short as it tells them apart. */
export type Language = keyof typeof WORDINGS;

export const LANGUAGES: readonly Language[] = Object.keys(WORDINGS).filter(isLanguage);

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(WORDINGS, text);
}

export function wordingOf(language: Language): Wording {
  const wording = WORDINGS[language];
  return { ...wording, direction: wording.direction === 'rtl' ? 'rtl' : 'ltr' };
}
