import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBody } from '../../../src/domain/html-text.ts';
import { builtInRules } from '../../../src/domain/join-target/built-in-rules.ts';
import { decideJoinTarget } from '../../../src/domain/join-target/join-target.ts';

const RULES = builtInRules();
const TEAMS = 'https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0';
const ZOOM = 'https://us02web.zoom.us/j/81234567890';

/** Video address, number and passcode of what wins in a text. */
function details(text: string): (string | null)[] {
  const { winner } = decideJoinTarget(
    { onlineMeeting: [], locations: [], bodies: [readBody('text', text)] },
    RULES,
  );
  return [winner?.sip ?? null, winner?.meetingId ?? null, winner?.passcode ?? null];
}

test('number and passcode are read by their place, in a language that nobody foresaw', () => {
  const text = `${TEAMS}\nXqzt bvwl: 239 876 543 210\nWrrp: Ab3xYz\nPlmk: 123 456 789#`;
  assert.deepEqual(details(text), [null, '239876543210', 'Ab3xYz']);
});

test('a telephone conference’s number is no meeting number, and its PIN no passcode', () => {
  assert.deepEqual(
    details(`${TEAMS}\n+46 8 502 428 00,,123456789# Sweden\nPhone Conference ID: 123 456 789#`),
    [null, null, null],
  );
  assert.deepEqual(
    details('https://meet.google.com/abc-defg-hij\nOr dial: (SE) +46 8 505 410 33 PIN: 859310998'),
    [null, null, null],
  );
});

test('a room device dials the video id and the tenant in one step', () => {
  const text = `${TEAMS}\nTenant key: acme@m.webex.com\nVideo ID: 121 234 567 8`;
  assert.deepEqual(details(text), ['1212345678.acme@m.webex.com', null, null]);
});

test('a mail address with a telephone number below it is nothing to dial', () => {
  for (const number of [
    '08 123 456 78',
    '070-123 45 67',
    '+46 8 123 456 78',
    '912 345 678',
    '(555) 123-4567',
  ])
    assert.deepEqual(details(`${TEAMS}\n\nRegards\nann@nordwind.example\nTel: ${number}`), [
      null,
      null,
      null,
    ]);
});

test('what the link says of the room goes before another address of the same provider', () => {
  const room = 'https://nordwind.webex.com/meet/ann';
  assert.equal(details(`Helpdesk: help@other.webex.com\n${room}`)[0], 'ann@nordwind.webex.com');
});

test('a passcode of digits is dialled behind the number, one with letters is not', () => {
  const sip = '81234567890@zoomcrc.com';
  assert.equal(details(`${ZOOM}\nPasscode: 246810\n${sip}`)[0], '81234567890.246810@zoomcrc.com');
  assert.equal(details(`${ZOOM}\nPasscode: aB3dEf\n${sip}`)[0], sip);
});

test('a short word for a passcode counts only by itself', () => {
  assert.equal(details(`${ZOOM}\nShopping: milk4`)[2], null);
  assert.equal(details(`${ZOOM}\nYour opinion: yes1`)[2], null);
  assert.equal(details(`${ZOOM}\nMeeting PIN: 4711`)[2], '4711');
});

test('what stands behind another meeting’s link belongs to that', () => {
  assert.deepEqual(details(`${ZOOM}\n\nhttps://zoom.us/j/99988877766\nPasscode: 999`), [
    null,
    '81234567890',
    null,
  ]);
});
