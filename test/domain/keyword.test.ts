import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findKeyword } from '../../src/domain/keyword.ts';

const found = (...names: string[]) => {
  const hit = findKeyword(names);
  return hit === null ? null : `${hit.locationIndex}:${hit.start}-${hit.end} ${hit.typed} ${hit.arrangement}`;
};

test('a keyword is found in any case, in any location, leftmost first', () => {
  assert.equal(found('@webex'), '0:0-6 @webex personal-room');
  assert.equal(found('Lobby', 'Room 1 / @WebEx, 2nd floor'), '1:9-15 @WebEx personal-room');
  assert.equal(found('@meet @webex'), '0:0-5 @meet space');
  assert.equal(found('(@webex)'), '0:1-7 @webex personal-room');
});

test('modifiers choose the arrangement', () => {
  assert.equal(found('@meet:myroom'), '0:0-12 @meet:myroom personal-room');
  assert.equal(found('@webex:space'), '0:0-12 @webex:space space');
  assert.equal(found('@Webex:OneTime'), '0:0-14 @Webex:OneTime one-time');
  assert.equal(found('@webex:huh'), '0:0-10 @webex:huh personal-room');
});

test('an address or a longer word is no keyword', () => {
  for (const name of [
    'ann@webex.com',
    '@webexteams',
    'x@webex',
    '@webex@example.com',
    '@webex.com',
    'webex',
    '',
  ]) {
    assert.equal(found(name), null, name);
  }
});

test('a full stop that ends the sentence does not hide a keyword', () => {
  assert.equal(found('Come to @webex.'), '0:8-14 @webex personal-room');
});
