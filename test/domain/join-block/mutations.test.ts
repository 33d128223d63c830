import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readHtml } from '../../../src/domain/html-text.ts';
import {
  type Body,
  findJoinBlock,
  withJoinBlock,
  withoutJoinBlock,
} from '../../../src/domain/join-block/join-block.ts';
import { LANGUAGES } from '../../../src/domain/join-block/languages.ts';
import { tidyPage } from './bodies.ts';
import { aBlock, FOOTER, HEADER, OTHER } from './sample-blocks.ts';

const OWN = [HEADER, FOOTER];
const RUNS = { numRuns: 500, seed: 20_261_125 };

/** Something that a person or a mail program does to a page; `at` chooses where, `n` numbers the words that are typed. */
type Mutation = (page: string, at: number, n: number) => string;

const place = (page: string, pattern: RegExp, at: number): number => {
  const places = [...page.matchAll(pattern)].map(({ index, 0: { length } }) => index + length);
  return places[at % places.length] ?? page.length;
};
const put = (page: string, at: number, text: string): string => page.slice(0, at) + text + page.slice(at);
const blockOf = (page: string): string => /<div lang[\s\S]*?└[\s\S]*?<\/div>/.exec(page)?.[0] ?? '';

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  typeParagraph: (page, at, n) => put(page, place(page, /<\/p>/g, at), `<p>typed${n}. here</p>`),
  typeBeforeBorder: (page, _at, n) => page.replace(/[┌└]/, (border) => `typed${n}. here ${border}`),
  typeBehindBorder: (page, _at, n) => page.replace(/[┐┘]/, (border) => `${border} typed${n}. here`),
  typeAboveAll: (page, _at, n) => page.replace(/<div lang/, (div) => `<p>typed${n}. here</p>${div}`),
  pictureInRow: (page, at) => put(page, place(page, /<tr>/g, at), '<td><img src="cid:2"></td>'),
  deleteOpening: (page) => page.replace(/<p[^>]*>┌[^<]*<\/p>/, ''),
  deleteClosing: (page) => page.replace(/<p[^>]*>└[^<]*<\/p>/, ''),
  deleteRow: (page) => page.replace(/<tr>[\s\S]*?<\/tr>/, ''),
  pasteAgain: (page, at) => put(page, place(page, /<\/p>/g, at), blockOf(page)),
  pasteAbove: (page) => page.replace('<body>', `<body>${blockOf(page)}`),
  pasteInQuote: (page) =>
    page.replace('</body>', `<blockquote type="cite">${blockOf(page)}</blockquote></body>`),
  stripClasses: (page) => page.replaceAll(/ class=(?:"[^"]*"|\w+)/g, ''),
  flatten: (page) =>
    page.replaceAll(/<\/?(?:table|tr)\b[^>]*>/g, '').replaceAll(/<(\/?)td\b[^>]*>/g, '<$1p>'),
  unwrap: (page) => page.replaceAll(/<\/?div\b[^>]*>/g, ''),
  wrap: (page) =>
    page.replace(/<body>([\s\S]*)<\/body>/, '<body><div class="elementToProof">$1</div></body>'),
  breaks: (page) => page.replaceAll(/<p[^>]*>/g, '').replaceAll('</p>', '<br>\r\n'),
  spaces: (page) => page.replaceAll(/ (?=Webex)/g, '&nbsp;\r\n '),
};

const steps = fc.array(fc.tuple(fc.constantFrom(...Object.keys(MUTATIONS)), fc.nat()), {
  minLength: 1,
  maxLength: 5,
});

function mutated(page: string, chosen: readonly (readonly [string, number])[]): string {
  return chosen.reduce((now, [name, at], n) => MUTATIONS[name]?.(now, at, n) ?? now, page);
}

/** The words that were typed, and how often each stands there. */
function typed(page: string): string[] {
  return (readHtml(page).text.match(/typed\d\./g) ?? []).sort();
}

const html = (content: string): Body => ({ contentType: 'html', content });

test('whatever is done to a block, what people typed stays, and one write makes it one block again', () => {
  fc.assert(
    fc.property(tidyPage, fc.constantFrom(...LANGUAGES), steps, (inside, language, chosen) => {
      const block = aBlock({ language });
      const first = withJoinBlock(html(`<html><body>${inside}</body></html>`), block, OWN);
      const page = html(mutated(first?.content ?? '', chosen));
      const bare = withoutJoinBlock(page, OWN) ?? page;
      assert.deepEqual(typed(bare.content), typed(page.content));
      assert.equal(findJoinBlock(bare, OWN), null);
      for (const wanted of [block, OTHER]) {
        const again = withJoinBlock(page, wanted, OWN) ?? page;
        assert.deepEqual(typed(again.content), typed(page.content));
        assert.equal(findJoinBlock(again, OWN)?.count, 1);
        assert.equal(withJoinBlock(again, wanted, OWN), null);
      }
    }),
    RUNS,
  );
});
