import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRetryAfter } from '../../src/net/retry-after.ts';

const NOW = Date.parse('1994-11-06T08:49:07Z');

const CASES: readonly (readonly [string | null, number | null])[] = [
  ['0', 0],
  ['120', 120_000],
  [' 3 ', 3_000],
  ['1.5', 1_500],
  ['2.128', 2_128],
  ['0.0001', 1],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 30_000],
  ['Sunday, 06-Nov-94 08:49:37 GMT', 30_000],
  ['Sun Nov  6 08:49:37 1994', 30_000],
  ['Sun, 06 Nov 1994 08:00:00 GMT', 0],
  ['Sun, 99 Nov 1994 08:00:00 GMT', null],
  [null, null],
  ['', null],
  ['-5', null],
  ['1e3', null],
  ['soon', null],
  ['99999999999999999999', null],
  ['1994-11-06', null],
];

for (const [value, expected] of CASES) {
  test(`reads Retry-After ${JSON.stringify(value)} as ${expected} (promise 14)`, () => {
    assert.equal(parseRetryAfter(value, NOW), expected);
  });
}
