import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { chooseLanguage } from '../../../src/domain/join-block/choose-language.ts';
import { LANGUAGES, wordingOf } from '../../../src/domain/join-block/languages.ts';

const FOLDER = new URL('../../../src/domain/join-block/languages/', import.meta.url);
const FILES = readdirSync(FOLDER);
const ASKED =
  'en sv da nb fi is de nl fr es it pt-PT pt-BR pl cs sk hu ro bg el hr sl et lv lt uk ru tr ar he ja ko zh-Hans zh-Hant th vi id';

/** The places to fill of each text. */
function placesOf(wording: object): object {
  const entries = Object.entries(wording);
  return Object.fromEntries(
    entries.map(([key, text]) => [key, [...String(text).matchAll(/\{\w+\}/g)].flat()]),
  );
}

test('each language has one file, and every file is in use', () => {
  assert.deepEqual([...LANGUAGES], ASKED.split(' '));
  assert.deepEqual(FILES.toSorted(), LANGUAGES.map((language) => `${language}.json`).toSorted());
});

test('every language has the same keys and places as English, and no empty or padded text', () => {
  const english = wordingOf('en');
  for (const language of LANGUAGES) {
    const wording = wordingOf(language);
    assert.deepEqual(Object.keys(wording), Object.keys(english), language);
    assert.deepEqual(placesOf(wording), placesOf(english), language);
    for (const text of Object.values(wording))
      assert.ok(text !== '' && String(text) === String(text).trim(), language);
    assert.equal(wording.direction, new Intl.Locale(language).getTextInfo().direction, language);
  }
});

test('within a language no two labels are the same, and only English looks like English', () => {
  const labels = ['join', 'video', 'number', 'password', 'phone', 'accessCode', 'hostNote'] as const;
  const english = wordingOf('en');
  for (const language of LANGUAGES) {
    const texts = labels.map((label) => wordingOf(language)[label]);
    assert.equal(new Set(texts).size, texts.length, language);
    const same = labels.filter((label) => wordingOf(language)[label] === english[label]);
    if (language !== 'en')
      assert.ok(
        same.every((label) => label === 'password'),
        `${language}: ${same.join()}`,
      );
  }
});

test('no language claims a review that nobody made', () => {
  for (const file of FILES) {
    const { reviewed } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
    assert.equal(reviewed, false, file);
  }
});

test('the language is the organisation’s, else the mailbox’s, else the fallback', () => {
  assert.equal(chooseLanguage('sv-FI', 'de', 'fi'), 'de');
  assert.equal(chooseLanguage('sv-FI', null, 'fi'), 'sv');
  for (const unknown of [null, '', 'tlh', 'not a locale', 'ca-ES', 'x'])
    assert.equal(chooseLanguage(unknown, null, 'fi'), 'fi');
});

const SPOKEN: Readonly<Record<string, string>> = {
  'en-GB': 'en',
  sv_SE: 'sv',
  'nn-NO': 'nb',
  no: 'nb',
  'nb-NO': 'nb',
  pt: 'pt-PT',
  'pt-PT': 'pt-PT',
  'pt-AO': 'pt-PT',
  'pt-BR': 'pt-BR',
  'es-MX': 'es',
  'fr-CA': 'fr',
  iw: 'he',
  'iw-IL': 'he',
  in: 'id',
  zh: 'zh-Hans',
  'zh-CN': 'zh-Hans',
  'zh-SG': 'zh-Hans',
  'zh-CHS': 'zh-Hans',
  'zh-TW': 'zh-Hant',
  'zh-HK': 'zh-Hant',
  'zh-MO': 'zh-Hant',
  'zh-CHT': 'zh-Hant',
  'zh-Hant-CN': 'zh-Hant',
  'ar-EG': 'ar',
};

for (const [locale, language] of Object.entries(SPOKEN)) {
  test(`${locale} is answered in ${language}`, () =>
    assert.equal(chooseLanguage(locale, null, 'tr'), language));
}
