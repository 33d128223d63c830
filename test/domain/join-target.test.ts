import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findJoinTarget } from '../../src/domain/join-target.ts';
import { anEvent, at } from './calendar-events.ts';

const TEAMS = 'https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0';
const link = (href: string) => ({ body: `<body><a href="${href}">join</a></body>` });

test('a personal room link gives the web link and the video address', () => {
  assert.deepEqual(findJoinTarget(anEvent({ locations: at('https://nordwind.webex.com/meet/ann.b') })), {
    provider: 'webex',
    url: 'https://nordwind.webex.com/meet/ann.b',
    sip: 'ann.b@nordwind.webex.com',
    source: 'location',
  });
});

test('the online meeting comes before locations, locations before the body', () => {
  const all = {
    onlineMeetingUrl: TEAMS,
    locations: at('https://zoom.us/j/123'),
    ...link('https://meet.google.com/abc-defg-hij'),
  };
  assert.equal(findJoinTarget(anEvent(all))?.source, 'online-meeting');
  assert.equal(findJoinTarget(anEvent({ ...all, onlineMeetingUrl: null }))?.provider, 'zoom');
  assert.equal(
    findJoinTarget(anEvent(link('https://meet.google.com/abc-defg-hij')))?.provider,
    'google-meet',
  );
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
    assert.equal(findJoinTarget(anEvent({ locations: at(href), ...link(href) })), null, href);
  }
});

test('a video address counts in the location, an e-mail address in the body does not', () => {
  assert.equal(
    findJoinTarget(anEvent({ locations: at('sip:ann@nordwind.webex.com') }))?.sip,
    'ann@nordwind.webex.com',
  );
  assert.equal(findJoinTarget(anEvent({ body: '<p>ann@nordwind.webex.com</p>' })), null);
});

test('comments and scripts are not read', () => {
  const body = `<body><!-- ${TEAMS} --><script>"${TEAMS}"</script></body>`;
  assert.equal(findJoinTarget(anEvent({ body })), null);
});
