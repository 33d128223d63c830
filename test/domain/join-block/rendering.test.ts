import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHtml } from '../../../src/domain/html-text.ts';
import { htmlBlock } from '../../../src/domain/join-block/html-block.ts';
import {
  DEFAULT_SETTINGS,
  JOIN_PARTS,
  joinBlockOf,
  ownTexts,
} from '../../../src/domain/join-block/join-details.ts';
import { LANGUAGES } from '../../../src/domain/join-block/languages.ts';
import { textBlock } from '../../../src/domain/join-block/text-block.ts';
import { aBlock, DETAILS } from './sample-blocks.ts';

const hrefs = (page: string): string[] => readHtml(page).links.map(({ href }) => href);

const RIGHT_TO_LEFT = ['ar', 'he'];
const bare = { header: null, footer: null };

test('the text of a block', () => {
  assert.deepEqual(textBlock(aBlock(), '\n').split('\n'), [
    '┌──────────────── Webex ────────────────┐',
    'Nordwind & Söhne',
    '',
    '<b>not bold</b>',
    'Webex meeting',
    'Join the Webex meeting: https://nordwind.webex.com/meet/ann?a=1&b=2',
    'Join from a video system: ann@nordwind.webex.com',
    'Meeting number: 2345 678 9012',
    'Password: kV7m<Pz>3"q&',
    'Join by phone:',
    '+46 8 505 200 00 (Sweden Toll)',
    '+1-415-655-0001 (US Toll)',
    'Access code: 2345 678 9012#',
    'Are you the host? Sign in to Webex to start the meeting.',
    'Recorded: see https://nordwind.example/privacy.',
    '└──────────────── Webex ────────────────┘',
  ]);
});

test('page and text of a block say the same in every language', () => {
  for (const language of LANGUAGES) {
    const block = aBlock({ language });
    const signs = (text: string): string => text.replace(/[\s\p{Cf}:：]/gu, '');
    const page = signs(readHtml(htmlBlock(block)).text);
    assert.equal(page, signs(textBlock(block, '\n')), language);
  }
});

test('each part can be switched off, and the order is always the same', () => {
  const values = {
    link: 'meet/ann',
    video: 'ann@nordwind',
    number: '2345 678 9012\n',
    phone: '+46 8',
    'host-note': 'Are you the host',
  };
  const details = { ...DETAILS, accessCode: null };
  for (const part of JOIN_PARTS) {
    const only = textBlock(aBlock({ ...bare, details, parts: [part] }), '\n');
    for (const [other, value] of Object.entries(values))
      assert.equal(only.includes(value), other === part, `${part} ${other}`);
  }
  const turned = aBlock({ parts: JOIN_PARTS.toReversed() });
  assert.equal(htmlBlock(turned), htmlBlock(aBlock()));
});

test('what a meeting does not have is left out', () => {
  const details = {
    link: null,
    videoAddress: null,
    meetingNumber: null,
    password: null,
    phones: [],
    accessCode: '1',
  };
  const lines = textBlock(aBlock({ ...bare, details }), '\n').split('\n');
  assert.deepEqual(lines.slice(1, -1), [
    'Webex meeting',
    'Are you the host? Sign in to Webex to start the meeting.',
  ]);
});

test('everything in a page is escaped, and only https becomes a link', () => {
  const evil = '"><script>alert(1)</script><a href="https://evil.example">';
  const details = { ...DETAILS, password: evil, phones: [{ number: evil, place: evil }] };
  const page = htmlBlock(aBlock({ details, header: evil, footer: `${evil}\n${evil}` }));
  assert.doesNotMatch(page, /<script/);
  const evilLinks = hrefs(page).filter((href) => href.includes('evil'));
  assert.deepEqual(evilLinks, Array(3).fill('https://evil.example'));
  const other = htmlBlock(aBlock({ ...bare, details: { ...DETAILS, link: 'javascript:alert(1)' } }));
  assert.deepEqual(hrefs(other), []);
});

test('a page uses tables and inline styles only, and no colour of its own for words', () => {
  const page = htmlBlock(aBlock());
  assert.doesNotMatch(page, /<(?:style|script|link|svg|img)\b|flex|grid|position:|\sid=/);
  const colours = new Set([...page.matchAll(/(?<!-)color:(#\w+)/g)].map(([, colour]) => colour));
  assert.deepEqual([...colours], ['#808080', '#ffffff']);
});

test('right to left: the block turns, addresses and numbers do not', () => {
  for (const language of LANGUAGES) {
    const page = htmlBlock(aBlock({ language }));
    const text = textBlock(aBlock({ language }), '\n');
    const turns = RIGHT_TO_LEFT.includes(language);
    assert.ok(page.startsWith(`<div lang="${language}" dir="${turns ? 'rtl' : 'ltr'}"`));
    assert.equal(page.includes('<span dir="ltr">2345 678 9012</span>'), turns);
    assert.equal(text.includes('\u20662345 678 9012\u2069'), turns);
    // A program that looks for addresses in the text must find it without signs around it.
    assert.equal(/^https:\S+b=2$/m.test(text), turns);
  }
});

test('a header of the other direction is set in its own, on the side of the block', () => {
  const english = htmlBlock(aBlock({ language: 'ar', header: 'Welcome.', footer: 'أهلاً.' }));
  assert.match(english, /dir="ltr" align="right" style="[^"]*text-align:right">Welcome\./);
  assert.doesNotMatch(english, /dir="rtl" align/);
  assert.match(htmlBlock(aBlock({ header: 'أهلاً.' })), /dir="rtl" align="left" style="[^"]*">أهلاً\./);
});

test('header and footer are those of the language, else those of the fallback', () => {
  const settings = {
    ...DEFAULT_SETTINGS,
    fallbackLanguage: 'de' as const,
    headers: { de: 'Hallo', sv: 'Hej' },
    footers: { sv: 'Slut' },
  };
  const texts = (locale: string | null) => {
    const { language, header, footer } = joinBlockOf(DETAILS, settings, locale);
    return [language, header, footer];
  };
  assert.deepEqual(texts('sv-FI'), ['sv', 'Hej', 'Slut']);
  assert.deepEqual(texts('fi-FI'), ['fi', 'Hallo', null]);
  assert.deepEqual(texts(null), ['de', 'Hallo', null]);
  assert.deepEqual(ownTexts(settings), ['Hallo', 'Hej', 'Slut']);
});
