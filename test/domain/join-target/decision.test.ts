import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CalendarEvent } from '../../../src/domain/calendar-event.ts';
import { readBody } from '../../../src/domain/html-text.ts';
import { builtInRules } from '../../../src/domain/join-target/built-in-rules.ts';
import { invitationOf } from '../../../src/domain/join-target/invitation.ts';
import type { JoinSource } from '../../../src/domain/join-target/join-source.ts';
import { decideJoinTarget, dialOf, type JoinTarget } from '../../../src/domain/join-target/join-target.ts';
import { anEvent, at } from '../calendar-events.ts';

const TEAMS = 'https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0';
const RULES = builtInRules();
const link = (href: string) => ({ body: `<body><a href="${href}">join</a></body>` });

function decide(change: Partial<CalendarEvent>, order: readonly JoinSource[] = RULES.order) {
  const event = anEvent(change);
  return decideJoinTarget(invitationOf(event, readBody(event.bodyType, event.body)), { ...RULES, order });
}

function winner(change: Partial<CalendarEvent>): JoinTarget | null {
  return decide(change).winner;
}

test('a personal room link gives the web link and the video address', () => {
  assert.deepEqual(winner({ locations: at('https://nordwind.webex.com/meet/ann.b') }), {
    provider: 'webex',
    url: 'https://nordwind.webex.com/meet/ann.b',
    sip: 'ann.b@nordwind.webex.com',
    source: 'location',
    meetingId: null,
    passcode: null,
  });
});

test('an app opens the link, a room device dials the video address', () => {
  const room = winner({ locations: at('https://nordwind.webex.com/meet/ann.b') });
  assert.ok(room !== null);
  assert.deepEqual(dialOf(room), {
    app: 'https://nordwind.webex.com/meet/ann.b',
    device: 'ann.b@nordwind.webex.com',
  });
  const meet = winner(link('https://meet.google.com/abc-defg-hij'));
  assert.ok(meet !== null);
  assert.equal(dialOf(meet).device, 'https://meet.google.com/abc-defg-hij');
  const gatekeeper = winner({ locations: at('h323:5551@gk.example.net') });
  assert.ok(gatekeeper !== null);
  assert.deepEqual([gatekeeper.sip, dialOf(gatekeeper).device], [null, 'h323:5551@gk.example.net']);
});

test('the online meeting comes before locations, locations before the body', () => {
  const all = {
    onlineMeetingUrl: TEAMS,
    locations: at('https://zoom.us/j/123456789'),
    ...link('https://meet.google.com/abc-defg-hij'),
  };
  const { winner: first, losers, reason } = decide(all);
  assert.equal(first?.source, 'online-meeting');
  assert.equal(reason, 'FIRST_SOURCE');
  assert.deepEqual(
    losers.map((one) => [one.provider, one.source, one.reason]),
    [
      ['zoom', 'location', 'LATER_SOURCE'],
      ['google-meet', 'body', 'LATER_SOURCE'],
    ],
  );
  assert.equal(winner({ ...all, onlineMeetingUrl: null })?.provider, 'zoom');
  assert.equal(winner(link('https://meet.google.com/abc-defg-hij'))?.provider, 'google-meet');
});

test('the order is the administrator’s', () => {
  const both = { onlineMeetingUrl: TEAMS, ...link('https://meet.google.com/abc-defg-hij') };
  assert.equal(decide(both, ['body', 'online-meeting']).winner?.provider, 'google-meet');
  assert.equal(decide(both, ['location', 'body']).losers.length, 0);
});

test('of several links in a body the higher score wins, then the first', () => {
  const room = 'https://nordwind.webex.com/meet/ann';
  const body = (...hrefs: string[]) => ({
    body: hrefs.map((href) => `<a href="${href}">x</a>`).join('<br>'),
  });
  const best = decide(body(room, TEAMS));
  assert.deepEqual([best.winner?.provider, best.reason], ['teams', 'BEST_SCORE']);
  const first = decide(body('https://zoom.us/j/111222333', 'https://zoom.us/j/444555666'));
  assert.deepEqual([first.winner?.meetingId, first.reason], ['111222333', 'FIRST_IN_TEXT']);
});

test('look-alike hosts, other schemes and tricks with user information are not Webex', () => {
  for (const href of [
    'https://webex.com.evil.example/meet/ann',
    'https://evilwebex.com/meet/ann',
    'https://nordwind.webex.com@evil.example/meet/ann',
    'http://nordwind.webex.com/meet/ann',
    'https://nordwind.webex.com/help',
    'javascript:alert(1)',
  ]) {
    assert.equal(winner({ locations: at(href), ...link(href) }), null, href);
  }
});

test('a video address counts in the location; in a body only digits, a scheme or a provider’s host make it one', () => {
  assert.equal(winner({ locations: at('sip:ann@nordwind.webex.com') })?.sip, 'ann@nordwind.webex.com');
  assert.equal(winner({ body: '<p>ann@nordwind.example</p>' }), null);
  assert.equal(winner({ body: '<p>12345678@qq.com</p>' }), null);
  assert.equal(winner({ body: '<p>12345678@bridge.example</p>' })?.source, 'sip');
  assert.equal(winner({ body: '<p>Dial ann@nordwind.webex.com</p>' })?.provider, 'webex');
});

test('comments and scripts are not read', () => {
  assert.equal(winner({ body: `<body><!-- ${TEAMS} --><script>"${TEAMS}"</script></body>` }), null);
});

test('a wrapper that only its own service can open is named', () => {
  const { winner: none, ignored, reason } = decide(link('https://protect-eu.mimecast.com/s/AbC123'));
  assert.deepEqual([none, reason], [null, 'ONLY_WRAPPED']);
  assert.deepEqual(
    ignored.map((one) => [one.reason, one.detail]),
    [['WRAPPED', 'mimecast']],
  );
});

test('wrapped links are unwrapped, also one in another', () => {
  const safe = (url: string) =>
    `https://nam12.safelinks.protection.outlook.com/?url=${encodeURIComponent(url)}&data=05`;
  assert.equal(winner(link(safe(safe(TEAMS))))?.url, TEAMS);
});
