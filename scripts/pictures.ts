/**
 * `npm run pictures`: the pictures in the README, made in a real browser: the join block, light and dark side by side, and the
 * status page of an installation that is started for it. Needs a font with Arabic letters.
 */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { withJoinBlock } from '../src/domain/join-block/join-block.ts';
import { DEFAULT_SETTINGS, type JoinDetails, joinBlockOf } from '../src/domain/join-block/join-details.ts';
import { type Language, wordingOf } from '../src/domain/join-block/languages.ts';
import { openBrowser } from '../test/browser.ts';
import { takeStatusPage } from './pictures/status-page.ts';

const FOLDER = join(import.meta.dirname, '..', 'test', 'pictures');
const WIDTH = 1160;

const DETAILS: JoinDetails = {
  link: 'https://nordwind.webex.com/meet/astrid.lindqvist',
  videoAddress: 'astrid.lindqvist@nordwind.webex.com',
  meetingNumber: '23456789012',
  password: 'kV7mPz3qRw2',
  phones: [
    { number: '+46 10 555 01 00', place: 'Sweden Toll' },
    { number: '+1-415-555-0100', place: 'US Toll' },
  ],
  accessCode: '2345 678 9012',
};

/** What the organiser and the organisation wrote. */
const WORDS = {
  en: {
    subject: 'Budget 2027',
    own: 'Hi all, please bring your figures.',
    footer: 'Do not share these details outside Nordwind.',
  },
  sv: {
    subject: 'Budget 2027',
    own: 'Hej! Ta med era siffror.',
    footer: 'Dela inte uppgifterna utanför Nordwind.',
  },
  ar: {
    subject: 'ميزانية 2027',
    own: 'مرحبًا، يُرجى إحضار أرقامكم.',
    footer: 'يُرجى عدم مشاركة هذه البيانات خارج Nordwind.',
  },
} as const satisfies Partial<Record<Language, object>>;

/** The invitation as a mail program shows it. */
function pane(language: keyof typeof WORDS, scheme: 'light' | 'dark'): string {
  const { subject, own, footer } = WORDS[language];
  const { direction } = wordingOf(language);
  const settings = { ...DEFAULT_SETTINGS, language, footers: { [language]: footer } };
  const body = { contentType: 'html', content: `<body><p style="margin:0">${own}</p></body>` } as const;
  const written = withJoinBlock(body, joinBlockOf(DETAILS, settings, null))?.content ?? '';
  const inside = written.replace('<body>', '').replace('</body>', '');
  return `<section class="${scheme}" dir="${direction}" lang="${language}"><h1>${subject}</h1>${inside}</section>`;
}

const STYLE = `
  body { margin: 0; display: grid; grid-template-columns: 1fr 1fr; font: 14px/20px 'Segoe UI', Aptos, Calibri, Arial, sans-serif; }
  section { padding: 24px 32px 32px; }
  h1 { margin: 0 0 16px; padding: 0 0 12px; border-bottom: 1px solid #80808080; font-size: 17px; font-weight: 600; }
  .light { color-scheme: light; background: #fff; color: #242424; }
  .dark { color-scheme: dark; background: #1f1f1f; color: #fff; }`;

async function take(browser: Browser, language: keyof typeof WORDS): Promise<string> {
  const file = join(FOLDER, `join-block-${language}.png`);
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 100 } });
  const panes = pane(language, 'light') + pane(language, 'dark');
  await page.setContent(`<!DOCTYPE html><meta charset="utf-8"><style>${STYLE}</style><body>${panes}</body>`);
  await page.screenshot({ path: file, fullPage: true });
  await page.close();
  return file;
}

const browser = await openBrowser();
try {
  for (const language of ['en', 'sv', 'ar'] as const)
    process.stdout.write(`${await take(browser, language)}\n`);
  process.stdout.write(`${await takeStatusPage(browser, join(FOLDER, 'status-page.png'))}\n`);
} finally {
  await browser.close();
}
