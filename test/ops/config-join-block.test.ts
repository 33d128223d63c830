import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProblems } from '../../src/ops/config.ts';
import { configOf, FILE, GOOD, HEAD, problemsOf } from './config-sample.ts';

const problemsIn = (section: string) => problemsOf(`${GOOD}${section}\n`);

test('reads what join blocks look like, with defaults', () => {
  const parts = ['link', 'video', 'number', 'phone', 'host-note'];
  const plain = { parts, language: null, fallbackLanguage: 'en', headers: {}, footers: {} };
  assert.deepEqual(configOf(GOOD).joinBlock, plain);
  const section = [
    '[join_block]',
    'parts = ["phone", "link", "phone"]',
    'language = "pt-BR"',
    'fallback_language = "sv"',
    '[join_block.headers]',
    'sv = """',
    'Rad ett',
    'rad två"""',
    'en = ""',
    '"zh-Hant" = "會議"',
  ];
  const read = configOf(`${GOOD}${section.join('\n')}\n`).joinBlock;
  assert.deepEqual(read, {
    parts: ['link', 'phone'],
    language: 'pt-BR',
    fallbackLanguage: 'sv',
    headers: { sv: 'Rad ett\nrad två', 'zh-Hant': '會議' },
    footers: {},
  });
});

test('the environment sets parts and language', () => {
  const env = { HYBRID_CALENDAR_JOIN_BLOCK__PARTS: 'link,video', HYBRID_CALENDAR_JOIN_BLOCK__LANGUAGE: 'nb' };
  const { parts, language } = configOf(GOOD, env).joinBlock;
  assert.deepEqual([parts, language], [['link', 'video'], 'nb']);
});

test('a header or footer of 1,024 characters is taken, one more is refused at its line', () => {
  const section = (text: string) => `[join_block.footers]\nen = "Fine"\nsv = "${text}"`;
  assert.deepEqual(problemsIn(section('🙂'.repeat(1024))), []);
  const [problem, ...more] = problemsIn(section('🙂'.repeat(1025)));
  assert.deepEqual(more, []);
  assert.deepEqual(
    [problem?.file, problem?.line, problem?.key, problem?.problem],
    [FILE, HEAD + 3, 'join_block.footers.sv', 'has 1025 characters, 1 too many'],
  );
  assert.match(problem?.allowed ?? '', /^the footer by language as plain text of at most 1024 characters/);
});

test('every wrong header is told, each at its line, and none is quoted', () => {
  const border = '└──── Webex ────┘';
  const problems = problemsIn(
    `[join_block.headers]\nsw = "Habari"\nen = 5\nsv = "a\\u0007b"\nde = """\nHallo\n${border}"""`,
  );
  assert.deepEqual(
    problems.map(({ line, key, problem }) => [line, key, problem]),
    [
      [HEAD + 2, 'join_block.headers.sw', 'is not one of the languages'],
      [HEAD + 3, 'join_block.headers.en', 'is not a text in quotes'],
      [HEAD + 4, 'join_block.headers.sv', 'holds a control character as its character 2'],
      [HEAD + 5, 'join_block.headers.de', 'holds a line like the ones that a join block begins or ends with'],
    ],
  );
  assert.doesNotMatch(formatProblems(problems), /Habari|Hallo|└/);
});

test('wrong parts and languages are told with what is allowed', () => {
  const [parts, language] = problemsIn('[join_block]\nparts = ["link", "fax"]\nlanguage = "sv-SE"');
  assert.deepEqual(
    [parts?.line, parts?.problem],
    [HEAD + 2, 'names something that is not one of the allowed words'],
  );
  assert.match(parts?.allowed ?? '', /"link", "video", "number", "phone", "host-note"$/);
  assert.deepEqual([language?.line, language?.problem], [HEAD + 3, 'is not one of the languages']);
  assert.match(language?.allowed ?? '', /"sv", .*"zh-Hans", .*or "" for none$/);
  assert.equal(problemsIn('[join_block]\nparts = []')[0]?.problem, 'is empty');
  assert.equal(problemsIn('[join_block]\nparts = "link"')[0]?.problem, 'is not a list');
  assert.equal(problemsIn('[join_block]\nheaders = "x"')[0]?.problem, 'is not a table');
});
