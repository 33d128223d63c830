import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readBody } from '../../../src/domain/html-text.ts';
import { builtInRules } from '../../../src/domain/join-target/built-in-rules.ts';
import type { Invitation } from '../../../src/domain/join-target/invitation.ts';
import { decideJoinTarget, type JoinDecision } from '../../../src/domain/join-target/join-target.ts';

const RULES = builtInRules();
const RUNS = { numRuns: 300 };

const digits = (from: number, to: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: from, maxLength: to })
    .map((all) => `8${all.join('')}`);
const word = fc.stringMatching(/^[a-z]{3,9}$/);
const code = fc.stringMatching(/^[A-Za-z0-9]{4,20}$/);

/** Links of well-known providers, as they are made. */
const joinLink = fc.oneof(
  digits(9, 10).map((id) => `https://us02web.zoom.us/j/${id}`),
  fc.tuple(digits(9, 10), code).map(([id, pwd]) => `https://zoom.us/j/${id}?pwd=${pwd}.1`),
  digits(11, 12).map((id) => `https://teams.microsoft.com/meet/${id}?p=abc`),
  code.map(
    (id) =>
      `https://teams.microsoft.com/l/meetup-join/19%3ameeting_${id}%40thread.v2/0?context=%7b%22Tid%22%3a%221%22%7d`,
  ),
  fc.stringMatching(/^[a-z]{3}-[a-z]{4}-[a-z]{3}$/).map((id) => `https://meet.google.com/${id}`),
  word.map((name) => `https://nordwind.webex.com/meet/${name}`),
  code.map((id) => `https://nordwind.webex.com/nordwind/j.php?MTID=m${id}`),
  digits(5, 8).map((id) => `https://cms.nordwind.example/invited.sf?secret=abc&id=${id}`),
);

/** Pages of the same services, and everybody's, that join nothing. */
const negativeLink = fc.constantFrom(
  'https://us02web.zoom.us/u/kbxyz',
  'https://zoom.us/download',
  'https://zoom.us/rec/share/abc',
  'https://teams.microsoft.com/meetingOptions/?organizerId=1',
  'https://dialin.teams.microsoft.com/1?id=2',
  'https://mysettings.lync.com/pstnconferencing',
  'https://aka.ms/JoinTeamsMeeting',
  'https://tel.meet/abc-defg-hij?pin=1',
  'https://nordwind.webex.com/nordwind/globalcallin.php?MTID=m1',
  'https://help.webex.com/article/join',
  'https://forms.office.com/r/abc',
  'https://nordwind.example/agenda',
  'http://zoom.us/j/812345678',
  'https://zoom.us.evil.example/j/812345678',
);

/** Words of a sentence; nothing that is an address or a field by itself. */
const sentence = fc
  .array(fc.stringMatching(/^[A-Za-zÅÄÖåäöéü]{1,9}$/), { maxLength: 12 })
  .map((words) => words.join(' '));

function text(content: string): Invitation {
  return { onlineMeeting: [], locations: [], bodies: [readBody('text', content)] };
}

function html(content: string): Invitation {
  return { onlineMeeting: [], locations: [], bodies: [readBody('html', content)] };
}

function decide(invitation: Invitation): JoinDecision {
  return decideJoinTarget(invitation, RULES);
}

const escaped = (value: string): string => value.replaceAll('&', '&amp;');

test('any winner stands in the links or the text of the invitation, out of its wrappers', () => {
  const wrapped = fc.tuple(joinLink, fc.integer({ min: 0, max: 2 })).map(([link, times]) => {
    let all = link;
    for (let index = 0; index < times; index += 1)
      all = `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(all)}&data=05`;
    return { link, all };
  });
  fc.assert(
    fc.property(wrapped, sentence, ({ link, all }, words) => {
      assert.equal(decide(html(`<p>${words} <a href="${escaped(all)}">x</a></p>`)).address, link);
    }),
    RUNS,
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.option(joinLink), (noise, link) => {
      const content = `${noise} ${link ?? ''}`;
      const { winner, address } = decide(text(content));
      if (winner === null || winner.source === 'keyword') return;
      const bare = (address ?? '').replace(/^https:\/\//, '').toLowerCase();
      assert.ok(readBody('text', content).text.toLowerCase().includes(bare), bare);
    }),
    RUNS,
  );
});

test('surrounding text, punctuation and folding never change the winner', () => {
  const before = fc.constantFrom('', '(', '<', '"', '„', '[', '- ', '* ', 'Link: ', '会议：');
  const after = fc.constantFrom(
    '',
    ')',
    '>',
    '"',
    '“',
    ']',
    '.',
    ',',
    ';',
    '!',
    '?',
    '...',
    '。',
    ').',
    '>,',
    '\n',
    '）',
  );
  fc.assert(
    fc.property(joinLink, before, after, sentence, sentence, (link, open, close, first, last) => {
      const content = `${first}\r\n${open}${link}${close}\r\n${last}`;
      assert.equal(decide(text(content)).address, link, content);
    }),
    RUNS,
  );
  const fold = fc.constantFrom(' ', '\r\n', '\r\n ', '\t', '&nbsp;', '<br>', '<!-- x -->', '<b>', '</b>');
  fc.assert(
    fc.property(joinLink, fc.array(fold, { maxLength: 6 }), sentence, (link, folds, words) => {
      const around = folds.join('');
      const content = `<p>${around}${words}${around}<a\r\n href="${escaped(link)}"${' '.repeat(folds.length)}>${words}${around}</a>${around}</p>`;
      assert.equal(decide(html(content)).address, link, content);
    }),
    RUNS,
  );
});

test('the case of a link never changes its provider', () => {
  fc.assert(
    fc.property(joinLink, fc.boolean(), (link, upper) => {
      const cased = upper ? link.toUpperCase() : link.toLowerCase();
      const [plain, other] = [decide(text(link)), decide(text(cased))];
      assert.equal(other.winner?.provider, plain.winner?.provider, cased);
      assert.equal(other.address?.toLowerCase(), link.toLowerCase());
    }),
    RUNS,
  );
});

test('adding links that join nothing never changes the winner', () => {
  fc.assert(
    fc.property(
      joinLink,
      fc.array(negativeLink, { maxLength: 5 }),
      fc.array(negativeLink, { maxLength: 5 }),
      (link, above, below) => {
        const anchors = (links: readonly string[]) =>
          links.map((one) => `<a href="${escaped(one)}">x</a>`).join(' ');
        const { winner, address, losers } = decide(
          html(`${anchors(above)}<p><a href="${escaped(link)}">join</a></p>${anchors(below)}`),
        );
        const alone = decide(html(`<p><a href="${escaped(link)}">join</a></p>`));
        assert.deepEqual([winner, address, losers], [alone.winner, alone.address, []]);
      },
    ),
    RUNS,
  );
});

test('the same invitation is decided the same way, whatever is in it', () => {
  const piece = fc.oneof(joinLink, negativeLink, sentence, fc.string({ maxLength: 40 }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const content = pieces.join('\n');
      assert.deepEqual(decide(text(content)), decide(text(content)));
      assert.deepEqual(decide(html(content)), decide(html(content)));
    }),
    RUNS,
  );
});
