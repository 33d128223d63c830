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
import { aBlock, DETAILS, FOOTER, HEADER, OTHER } from './sample-blocks.ts';

const OWN = [HEADER, FOOTER];
const START = '<html><body>\r\n';
const END = '<p>See you</p></body></html>';
/** Of a quoted message. */
const HEAD = 'Från: Bo\nSkickat: den 25 november 2026 09:12\nTill: Ann\nÄmne: Budget';
const RUNS = { numRuns: 500, seed: 20_261_125 };

const html = (content: string): Body => ({ contentType: 'html', content });
const text = (content: string): Body => ({ contentType: 'text', content });
const block = (of = aBlock()): string => contentOf(withJoinBlock(html(''), of, OWN));
const without = (content: string): string => contentOf(withoutJoinBlock(html(content), OWN));
const moved = (content: string): string => contentOf(withJoinBlock(html(content), OTHER, OWN));

function contentOf(body: Body | null): string {
  return body === null ? assert.fail('nothing changed') : body.content;
}

/** The words of a page without its joins and white space. */
function words(page: string): string {
  return readHtml(page).text.replace(/\s+/g, ' ');
}

test('words between the delimiters stay where they are, with their mark-up, when the block goes', () => {
  const own = '<p>my <b>own</b> words</p><p>&nbsp;</p><p>more</p><img src="cid:1">';
  const page = START + block().replace('<p class=', `${own}<p class=`) + END;
  assert.ok(without(page).includes(own));
  assert.equal(words(without(page)), 'my own words more See you');
  assert.equal(without(moved(page)), without(page));
});

test('wherever words are put in on a line of their own, they stay and nothing of the block does', () => {
  const language = fc.constantFrom(...LANGUAGES);
  fc.assert(
    fc.property(language, fc.nat(), fc.boolean(), (language, at, isHtml) => {
      const own = 'words of their own';
      const body = isHtml ? html(START + END) : text('See you');
      const content = contentOf(withJoinBlock(body, aBlock({ language }), OWN));
      const places = [...content.matchAll(isHtml ? /<(?:p|tr)\b/g : /\n/g)].map(({ index }) => index);
      const place = places[at % places.length] ?? 0;
      const added = isHtml
        ? content.startsWith('<tr', place)
          ? `<tr><td>${own}</td></tr>`
          : `<p>${own}</p>`
        : `\n${own}`;
      const edited = { ...body, content: content.slice(0, place) + added + content.slice(place) };
      const left = contentOf(withoutJoinBlock(edited, OWN));
      assert.equal(
        (isHtml ? words(left) : left.replace(/\s+/g, ' ').trim())
          .replace(own, '·')
          .replace(/^ ?· ?| ?· ?$/, ''),
        'See you',
      );
      assert.ok(left.includes(own));
    }),
    RUNS,
  );
});

test('a single word between the label and the password stays as long as classes tell them apart', () => {
  const flat = block()
    .replaceAll(/<\/?(?:table|tr)\b[^>]*>/g, '')
    .replaceAll(/<(\/?)td\b/g, '<$1p');
  const page = START + flat.replace(/(Password:<\/p>)/, '$1<p>rosebud</p>') + END;
  assert.equal(words(without(page)), 'rosebud See you');
});

test('while the block says what it should, words in it cause no write', () => {
  const page = START + block().replace('<p class=', '<p>mine</p><p class=') + END;
  assert.equal(withJoinBlock(html(page), aBlock(), OWN), null);
});

test('words on the line of a delimiter are not part of the block', () => {
  const page = START + block().replace('┌', 'Hello all ┌').replace('┘', '┘ bye &amp; thanks') + END;
  assert.equal(words(without(page)), 'Hello all bye & thanks See you');
  const broken = '<body><div>Hi ┌── Webex ──┐<br>Webex meeting<br>└── Webex ──┘<br>bye</div></body>';
  assert.equal(without(broken), '<body><div>Hi <br>bye</div></body>');
  assert.equal(moved(broken).replace(block(OTHER), ''), '<body><div>Hi <br>bye</div></body>');
});

test('with one delimiter deleted the block goes as far as its lines do', () => {
  const opening = /<p[^>]*>┌[^<]*<\/p>/;
  const closing = /<p[^>]*>└[^<]*<\/p>/;
  for (const deleted of [opening, closing]) {
    const page = `${START}<p>Before</p>${block().replace(deleted, '')}${END}`;
    assert.equal(without(page), `${START}<p>Before</p>${END}`);
    assert.equal(words(moved(page)).split('bo@nordwind.webex.com').length, 2);
  }
  const lines = contentOf(withJoinBlock(text('See you'), aBlock(), OWN));
  const open = text(`Before\n\n${lines.replace(/└.*\n/, '')}`);
  assert.equal(withoutJoinBlock(open, OWN)?.content, 'Before\n\nSee you');
  const closed = text(`Before\n\n${lines.replace(/┌.*\n/, '')}`);
  assert.equal(withoutJoinBlock(closed, OWN)?.content, 'Before\n\nSee you');
});

test('with both delimiters deleted there is no block, and what is left is the user’s text', () => {
  const page = START + block().replaceAll(/<p[^>]*>[┌└][^<]*<\/p>/g, '') + END;
  assert.equal(findJoinBlock(html(page)), null);
  assert.equal(withoutJoinBlock(html(page)), null);
  assert.ok(words(moved(page)).includes('ann@nordwind.webex.com'));
});

test('pasted again, the first place counts and the others go', () => {
  const page = `${START}<p>Hi</p>${block()}<p>and</p>${block()}${END}`;
  assert.equal(findJoinBlock(html(page), OWN)?.count, 2);
  assert.equal(without(page), `${START}<p>Hi</p><p>and</p>${END}`);
  assert.equal(moved(page), `${START}<p>Hi</p>${block(OTHER)}<p>and</p>${END}`);
  assert.equal(
    contentOf(withJoinBlock(html(page), aBlock(), OWN)),
    `${START}<p>Hi</p>${block()}<p>and</p>${END}`,
  );
});

test('a block in a quoted message is the user’s text', () => {
  const quotes = [
    ['<blockquote type="cite">', '</blockquote>'],
    ['<blockquote style="margin:0; border-left:1px solid #ccc">', '</blockquote>'],
    ['<div class="x_gmail_quote">', '</div>'],
    ['<div id="x_divRplyFwdMsg">From: Bo</div>', ''],
    ['<div style="border:none; border-top:solid #E1E1E1 1.0pt"><b>Von:</b> Bo</div>', ''],
    [`<p>-----Ursprunglig avtalad tid-----</p><p>${HEAD.replaceAll('\n', '<br>')}</p>`, ''],
  ] as const;
  for (const [open, close] of quotes) {
    const quoted = open + block(OTHER) + close;
    assert.equal(withoutJoinBlock(html(START + quoted + END), OWN), null, open);
    const page = contentOf(withJoinBlock(html(START + quoted + END), aBlock(), OWN));
    assert.equal(page, START + block() + quoted + END);
    assert.equal(without(page), START + quoted + END);
  }
  const old = contentOf(withJoinBlock(text('Hi'), OTHER, OWN));
  for (const mail of [old.replaceAll(/^/gm, '> '), `-----Original Appointment-----\n${HEAD}\n${old}`]) {
    assert.equal(withoutJoinBlock(text(mail), OWN), null);
    const both = contentOf(withJoinBlock(text(mail), aBlock(), OWN));
    assert.equal(withoutJoinBlock(text(both), OWN)?.content, mail);
  }
});

test('a block right above a quoted message is a block', () => {
  const quote = '<div id="divRplyFwdMsg">From: Bo</div></body>';
  assert.equal(without(`<body>┌── Webex ──┐<br>Webex meeting<br>└── Webex ──┘${quote}`), `<body>${quote}`);
});

test('a line that a user drew above the block quotes nothing', () => {
  const page = `${START}<p>---- Agenda ----</p><p>Password: rosebud</p>${block()}${END}`;
  assert.equal(without(page), `${START}<p>---- Agenda ----</p><p>Password: rosebud</p>${END}`);
});

test('an indented block is still a block', () => {
  const page = `${START}<blockquote style="margin-left:40px; border:none; padding:0px">${block()}</blockquote>${END}`;
  assert.equal(without(page), START + END);
});

test('delimiters are known in other widths, with spelling marks, blanks and invisible signs in them', () => {
  for (const name of [
    'ＷＥＢＥＸ',
    '<span class="SpellE">Webex</span>',
    '&nbsp;webex\u200B&nbsp;',
    '<b>We</b>bex',
  ]) {
    const border = (left: string, right: string): string =>
      `<p>${left}\u00AD──━ ${name} -─<i>—${right}</i></p>`;
    const page = `${START}${border('┌', '┐')}<p>Password: x</p>${border('└', '┘')}${END}`;
    assert.equal(without(page), START + END, name);
  }
  assert.equal(findJoinBlock(html('<p>┌ Webex ┐</p><p>── Webex ──</p><p>┌── Teams ──┐</p>')), null);
});

test('lines of preformatted text are lines', () => {
  const page = '<body><pre>Hi\n┌── Webex ──┐\nPassword: a &amp; b\nmine\n└── Webex ──┘\nbye</pre></body>';
  assert.equal(without(page), '<body><pre>Hi\nmine\nbye</pre></body>');
});

test('a header that is no longer in use is known by its class, and else left to the user', () => {
  const page = START + block(aBlock({ header: 'Old & wise' })) + END;
  assert.equal(without(page), START + END);
  const stripped = page.replaceAll(/ class="[^"]*"/g, '');
  assert.equal(words(without(stripped)), 'Old & wise See you');
  assert.equal(withoutJoinBlock(html(stripped), [...OWN, 'Old & wise'])?.content, START + END);
});

test('a line that was changed is no longer known by its class', () => {
  const page = START + block(aBlock({ header: 'Old' })).replace('>Old<', '>Old, and mine<') + END;
  assert.equal(words(without(page)), 'Old, and mine See you');
});

test('a block of another language is replaced by one of this', () => {
  const page = START + block(aBlock({ language: 'ja' })) + END;
  const stripped = page.replaceAll(/ class="[^"]*"/g, '');
  for (const one of [page, stripped]) assert.equal(moved(one), START + block(OTHER) + END);
});

test('what is found tells the words of the block alone', () => {
  const page =
    START +
    block(aBlock({ header: null, parts: ['link'] })).replace('<p class=', '<p>mine</p><p class=') +
    END;
  const found = {
    count: 1,
    whole: true,
    text: `Webex meeting\nJoin the Webex meeting\n${DETAILS.link}\n${FOOTER}`,
  };
  assert.deepEqual(findJoinBlock(html(page), OWN), found);
  assert.equal(findJoinBlock(html(START + END)), null);
});

test('deep nesting, long bodies and many borders are no trouble', () => {
  const deep = `${'<div>'.repeat(10_000)}x`;
  assert.equal(without(contentOf(withJoinBlock(html(deep), aBlock(), OWN))), deep);
  const wide = 'a<br>'.repeat(100_000);
  assert.equal(without(contentOf(withJoinBlock(html(wide), aBlock(), OWN))), wide);
  const long = '┌── '.repeat(20_000) + 'Webex meeting\n'.repeat(20_000);
  assert.equal(withoutJoinBlock(withJoinBlock(text(long), aBlock(), OWN) ?? text(''), OWN)?.content, long);
  const words = 'mine\n'.repeat(100);
  const closings = `${words}└── Webex ──┘\n`.repeat(100);
  assert.equal(withoutJoinBlock(text(closings), OWN)?.content, words.repeat(100));
});
