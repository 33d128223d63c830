import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brief, configOf, GOOD, HEAD, problemsOf } from './config-sample.ts';

const keywords = (lines: string): string => `${GOOD}[scheduling.keywords]\n${lines}\n`;

test('keywords have defaults, and a table of one’s own stands for the whole of it', () => {
  assert.deepEqual(configOf(GOOD).joinTargets.keywords, { webex: 'personal-room', meet: 'space' });
  const own = configOf(keywords('"Möte" = "myroom"\nvideo = "onetime"')).joinTargets.keywords;
  assert.deepEqual(own, { möte: 'personal-room', video: 'one-time' });
  assert.deepEqual(configOf(keywords('')).joinTargets.keywords, {});
});

test('what is wrong with a keyword is told at its line', () => {
  const lines = keywords(
    '"two words" = "space"\nwebex = "room"\nvideo = 1\nMeet = "space"\nmeet = "space"\nconstructor = "toString"',
  );
  assert.deepEqual(brief(problemsOf(lines)), [
    [HEAD + 2, 'scheduling.keywords.two words', 'is no keyword'],
    [HEAD + 3, 'scheduling.keywords.webex', 'does not say what it stands for'],
    [HEAD + 4, 'scheduling.keywords.video', 'does not say what it stands for'],
    [HEAD + 6, 'scheduling.keywords.meet', 'is the same keyword as another'],
    [HEAD + 7, 'scheduling.keywords.constructor', 'does not say what it stands for'],
  ]);
});
