import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/**
 * What the appliance promises about Microsoft Graph's known behaviour. The tests that would fail if one were broken carry its
 * number in their titles, as `(promise 4)`.
 */
const PROMISES: Readonly<Record<number, string>> = {
  1: 'the handshake is answered with the decoded token as plain text within ten seconds, database or not',
  2: 'one item with a wrong clientState does not keep the others of its batch out',
  3: '202 only after the commit; what was committed without an answer comes again and is known',
  4: 'created and three times updated are one reading of the event',
  5: 'the echo of the own write causes no further write',
  6: 'reauthorizationRequired that comes twice is one call',
  7: 'a removed subscription is made anew, and the calendar is asked what happened meanwhile',
  8: 'a delta token that dies in the middle of a round costs no deletion',
  9: 'thin occurrences get their content from their series',
  10: 'a deleted occurrence is found when only its series is told of',
  11: 'a twin subscription of our own is found and replaced',
  12: 'a lost answer to a booking makes no second event',
  13: 'a 429 inside a batch is the matter of its member',
  14: 'Retry-After counts as a fraction, as a date and when it is absent',
  15: 'a mailbox that is denied stops itself and nobody else',
  16: 'however many calls are answered 401, one new token is asked for',
  17: 'a nextLink to another host is not followed and gets no token',
  18: 'national clouds are refused when the configuration is read',
  19: 'scheduled absences begin and end by our own clock',
  20: 'whole days count rightly at the borders of the window',
  21: 'addresses with # and ’ work',
  22: 'an empty 202 that calls itself JSON is fine',
  23: 'our block is recognised in folded text, with prefixed and with stripped classes',
  24: 'a block that its owner removed stays removed',
  25: 'getSchedule is asked for at most twenty addresses and 62 days at a time',
};
const TITLE = /\btest\(\s*['"`](.*)\(promise (\d+)\)['"`]/g;

test('every promise about Graph is carried by the title of a test', () => {
  const titles = globSync('test/**/*.test.ts').flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(TITLE),
  ]);
  const carried = new Set(titles.map((title) => Number(title[2])));
  assert.deepEqual(
    [...carried].sort((a, b) => a - b),
    Object.keys(PROMISES).map(Number),
  );
});
