import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readHtml } from '../../../src/domain/html-text.ts';
import { readHtmlLines } from '../../../src/domain/join-block/html-lines.ts';
import {
  type Body,
  findJoinBlock,
  withJoinBlock,
  withoutJoinBlock,
} from '../../../src/domain/join-block/join-block.ts';
import { LANGUAGES } from '../../../src/domain/join-block/languages.ts';
import { rewrittenHtml } from '../../../src/staging/cloud/graph/faults/html-rewriting.ts';
import { htmlOfText, storedHtml } from '../../../src/staging/cloud/graph/html-body.ts';
import { anyPage, plainText, recordedBodies, type Sample, TEAMS, tidyPage } from './bodies.ts';
import { aBlock, FOOTER, HEADER, OTHER } from './sample-blocks.ts';

const RUNS = { numRuns: 500, seed: 20_261_125 };
const OWN = [HEADER, FOOTER];

const language = fc.constantFrom(...LANGUAGES);
const rewriting = fc.record({
  kind: fc.constant('rewrite-html' as const),
  app: fc.constant('appliance' as const),
  probability: fc.constant(1),
  foldLines: fc.boolean(),
  prefixNames: fc.boolean(),
  stripClasses: fc.boolean(),
  wrapLinks: fc.boolean(),
  reorderStyles: fc.boolean(),
});

const html = (content: string): Body => ({ contentType: 'html', content });
const text = (content: string): Body => ({ contentType: 'text', content });

function decorated(body: Body, block = aBlock()): Body {
  return withJoinBlock(body, block, OWN) ?? assert.fail('nothing was written');
}

function undecorated(body: Body): Body {
  return withoutJoinBlock(body, OWN) ?? assert.fail('no block was found');
}

/** What is seen of a page: the words, and where the links lead. */
function seen(page: string): { text: string; links: readonly string[] } {
  const { text, links } = readHtml(page);
  return { text: text.replace(/\s+/g, ''), links: links.map(({ href }) => href) };
}

/** Every sign of the page but the white space between elements. */
function words(page: string): string {
  const lines = readHtmlLines(page).lines.map((line) => line.text.replace(/\s+/g, ' ').trim());
  return lines.filter((line) => line !== '').join('\n');
}

test('decorated and undecorated, a page is what it was, byte for byte', () => {
  fc.assert(
    fc.property(anyPage, language, (page, language) => {
      assert.equal(undecorated(decorated(html(page), aBlock({ language }))).content, page);
    }),
    RUNS,
  );
});

test('decorated and undecorated, a plain text is what it was, byte for byte', () => {
  fc.assert(
    fc.property(plainText, language, (content, language) => {
      assert.equal(undecorated(decorated(text(content), aBlock({ language }))).content, content);
    }),
    RUNS,
  );
});

test('to decorate twice changes nothing', () => {
  fc.assert(
    fc.property(fc.oneof(anyPage.map(html), plainText.map(text)), language, (body, language) => {
      const block = aBlock({ language });
      assert.equal(withJoinBlock(decorated(body, block), block, OWN), null);
    }),
    RUNS,
  );
});

test('decorating puts one stretch into a page and changes no other byte', () => {
  fc.assert(
    fc.property(anyPage, (page) => {
      const { content } = decorated(html(page));
      const added = content.length - page.length;
      let at = 0;
      while (at < page.length && content[at] === page[at]) at += 1;
      // The block may begin with what stood there: any place where the rest fits will do.
      const places = Array.from({ length: at + 1 }, (_, place) => place);
      assert.ok(places.some((place) => page.slice(0, place) + content.slice(place + added) === page));
    }),
    RUNS,
  );
});

test('another block takes the place of the first and leaves the rest as it is', () => {
  fc.assert(
    fc.property(fc.oneof(anyPage.map(html), plainText.map(text)), (body) => {
      const moved = decorated(decorated(body), OTHER);
      assert.equal(moved.content, decorated(body, OTHER).content);
      assert.equal(undecorated(moved).content, body.content);
    }),
    RUNS,
  );
});

test('what the simulated Graph and its filters make of a page changes none of it', () => {
  fc.assert(
    fc.property(tidyPage, language, rewriting, (page, language, how) => {
      const block = aBlock({ language });
      const asRead = (content: string): string => rewrittenHtml(storedHtml(content), how);
      const read = html(asRead(decorated(html(page), block).content));
      assert.equal(withJoinBlock(read, block, OWN), null);
      assert.deepEqual(findJoinBlock(read, OWN)?.count, 1);
      const back = undecorated(read).content;
      assert.deepEqual(seen(back), seen(asRead(page)));
      assert.equal(words(back), words(asRead(page)));
      assert.equal(back.includes('me-email-headline'), asRead(page).includes('me-email-headline'));
      const moved = decorated(read, OTHER);
      assert.equal(findJoinBlock(moved, OWN)?.count, 1);
      assert.equal(undecorated(moved).content, back);
    }),
    RUNS,
  );
});

test('a block is found again when its table became paragraphs and its classes went', () => {
  fc.assert(
    fc.property(tidyPage, language, (page, language) => {
      const block = aBlock({ language });
      const { content } = decorated(html(page), block);
      const start = content.indexOf('<div lang="');
      const end = content.indexOf('\n</div>', start);
      const flattened = content
        .slice(start, end)
        .replaceAll(/<\/?(?:table|tr|div)\b[^>]*>/g, '')
        .replaceAll(/<(\/?)td\b[^>]*>/g, '<$1p>')
        .replaceAll(/ (?:class|style|dir)="[^"]*"/g, '');
      const read = html(content.slice(0, start) + flattened + content.slice(end + '\n</div>'.length));
      assert.equal(withJoinBlock(read, block, OWN), null);
      assert.deepEqual(seen(undecorated(read).content), seen(page));
    }),
    RUNS,
  );
});

test('a text that Exchange turned into a page keeps its block', () => {
  fc.assert(
    fc.property(plainText, language, (content, language) => {
      const block = aBlock({ language });
      const read = html(htmlOfText(decorated(text(content), block).content));
      assert.equal(withJoinBlock(read, block, OWN), null);
      assert.equal(seen(undecorated(read).content).text, seen(htmlOfText(content)).text);
    }),
    RUNS,
  );
});

test('every body in recordings of the real service comes back as it was', (t) => {
  const bodies = recordedBodies();
  if (bodies === null) return t.skip('the recordings are not at hand');
  assert.ok(bodies.length >= 15);
  for (const body of bodies) assertComesBack(body);
});

function assertComesBack(body: Sample): void {
  const once = decorated(body);
  assert.equal(withJoinBlock(once, aBlock(), OWN), null);
  assert.equal(undecorated(once).content, body.content);
  if (body.contentType === 'text') return;
  const how = fc.sample(rewriting, { numRuns: 20, seed: 1 });
  for (const one of how) {
    const read = html(rewrittenHtml(storedHtml(once.content), one));
    assert.equal(withJoinBlock(read, aBlock(), OWN), null);
    assert.deepEqual(seen(undecorated(read).content), seen(rewrittenHtml(storedHtml(body.content), one)));
  }
}

test('the Teams part of a page stays as it is', () => {
  const page = `<html><body><p>Hi</p>\r\n${TEAMS}</body></html>`;
  const { content } = decorated(html(page));
  assert.ok(content.endsWith(`<p>Hi</p>\r\n${TEAMS}</body></html>`));
});
