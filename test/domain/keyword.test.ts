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

test('an unknown modifier leaves the keyword its own arrangement and is said', () => {
  assert.equal(findKeyword(['@webex:onetme'])?.modifierUnknown, true);
  assert.equal(findKeyword(['@meet:onetme'])?.arrangement, 'space');
  assert.equal(findKeyword(['@webex:space'])?.modifierUnknown, false);
});

test('full width, blanks and composed letters make no difference', () => {
  assert.equal(found('Room 4;　＠Ｗｅｂｅｘ'), '0:8-14 ＠Ｗｅｂｅｘ personal-room');
  assert.equal(found('＠ｍｅｅｔ：ｍｙｒｏｏｍ'), '0:0-12 ＠ｍｅｅｔ：ｍｙｒｏｏｍ personal-room');
  assert.equal(found('@ webex : space'), '0:0-15 @ webex : space space');
  assert.equal(found('\u00a0@webex\u00a0'), '0:1-7 @webex personal-room');
});

test('a remark behind a colon is no modifier', () => {
  assert.equal(found('@webex: room 5'), '0:0-6 @webex personal-room');
});

test('other keywords can be agreed on, in any script', () => {
  const keywords = { möte: 'one-time', 会議: 'space' } as const;
  assert.equal(findKeyword(['@Möte'], keywords)?.arrangement, 'one-time');
  assert.equal(
    findKeyword(['@mo\u0308te'.normalize('NFD')], keywords)?.typed,
    '@mo\u0308te'.normalize('NFD'),
  );
  assert.equal(findKeyword(['＠会議'], keywords)?.arrangement, 'space');
  assert.equal(findKeyword(['@webex'], keywords), null);
});

test('a name that every object has is no keyword', () => {
  assert.equal(found('@constructor @toString'), null);
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
