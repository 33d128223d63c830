import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrangementFor, decideDecoration } from '../../src/domain/decoration.ts';
import { readHtml } from '../../src/domain/html-text.ts';
import { findKeyword } from '../../src/domain/keyword.ts';
import { readMark } from '../../src/domain/mark.ts';
import { anEvent, at, NOW } from './calendar-events.ts';
import { decorated, ROOM, RULES } from './decorated-event.ts';

test('the keyword’s place in its location becomes the meeting’s address and the other locations stay', () => {
  const write = decorated();
  assert.deepEqual(write.locations, [
    { displayName: 'Room 1, https://nordwind.webex.com/meet/ann please', locationType: 'default' },
    { displayName: 'Lobby', locationType: 'default' },
  ]);
  assert.deepEqual(readMark(write.mark), { id: 'mark-1', typed: '@webex' });
});

test('an address that answered an earlier keyword goes with the keyword that was typed beside it', () => {
  const first = decorated(anEvent({ locations: at('@webex') }));
  const body = first.body?.content ?? '';
  const shown = (...names: string[]) =>
    decorated(anEvent({ body, locations: at(...names) })).locations?.map(({ displayName }) => displayName);
  const link = ROOM.link ?? '';
  assert.deepEqual(shown(`@webex ${link}`), [link]);
  assert.deepEqual(shown(`@webex, ${link.toUpperCase()}, Room 1`), [`${link}, Room 1`]);
  assert.deepEqual(shown(`Room 1; @webex please | ${ROOM.videoAddress}`), [`Room 1; ${link} please`]);
  assert.deepEqual(shown('@webex', link, 'Lobby'), [link, 'Lobby']);
  assert.deepEqual(shown('@webex', `Room 1, ${link}`), [link, 'Room 1']);
  const others = ['https://nordwind.webex.com/meet/anna', 'joann@nordwind.webex.com', ' , Lobby'];
  assert.deepEqual(shown('@webex', ...others), [link, ...others]);
});

test('without a join block only the answer itself is not said twice', () => {
  const link = ROOM.link ?? '';
  const shown = (name: string) => decorated(anEvent({ locations: at(name) })).locations?.[0]?.displayName;
  assert.equal(shown(`@webex ${link}`), link);
  assert.equal(
    shown('@webex https://nordwind.webex.com/meet/bo'),
    `${link} https://nordwind.webex.com/meet/bo`,
  );
});

test('the join block goes above the user’s text, which keeps every character', () => {
  const body =
    '<html><head><style>p{}</style></head><body lang="sv"><p>See <b>you</b> &amp; me</p></body></html>';
  const content = decorated(anEvent({ body, locations: at('@webex') })).body?.content ?? '';
  const [before = '', after = ''] = body.split('<p>See');
  assert.ok(content.startsWith(before));
  assert.ok(content.endsWith(`<p>See${after}`));
  const { text, links } = readHtml(content);
  assert.ok(text.indexOf('Join the Webex meeting') < text.indexOf('See you & me'));
  // The button, and the address below it.
  assert.deepEqual(
    links.map(({ href }) => href),
    [ROOM.link, ROOM.link],
  );
});

test('the join block speaks the language of the organiser’s mailbox', () => {
  const { body } = decorated(anEvent({ locations: at('@webex') }), 'sv-FI');
  assert.match(readHtml(body?.content ?? '').text, /Anslut till Webex-mötet/);
});

test('a body without a body tag and a text body gain the block too', () => {
  assert.match(
    decorated(anEvent({ body: 'hello', locations: at('@webex') })).body?.content ?? '',
    /^<div .*hello$/s,
  );
  const text = decorated(anEvent({ body: 'hello', bodyType: 'text', locations: at('@webex') })).body;
  assert.equal(text?.contentType, 'text');
  assert.match(text?.content ?? '', /Join the Webex meeting: https:.*\n\nhello$/s);
});

test('a block that stands there already is not written again', () => {
  const once = decorated(anEvent({ locations: at('@webex') })).body?.content ?? '';
  assert.equal(decorated(anEvent({ body: once, locations: at('@webex') })).body, undefined);
});

test('only the organiser’s own future, sent, uncancelled event or series is written', () => {
  const because = (change: object) =>
    decideDecoration(anEvent({ locations: at('@webex'), ...change }), RULES, NOW);
  assert.deepEqual(because({ isOrganizer: false }), { kind: 'none', code: 'NOT_ORGANIZER' });
  assert.deepEqual(because({ isCancelled: true }), { kind: 'none', code: 'CANCELLED' });
  assert.deepEqual(because({ isDraft: true }), { kind: 'none', code: 'DRAFT' });
  assert.deepEqual(because({ startAt: NOW - 2, endAt: NOW }), { kind: 'none', code: 'PAST' });
  assert.deepEqual(because({ type: 'occurrence' }), { kind: 'none', code: 'IN_SERIES' });
  assert.equal(because({ type: 'seriesMaster', lastEndAt: null, endAt: NOW - 9 }).kind, 'arrange');
  assert.deepEqual(because({ type: 'seriesMaster', lastEndAt: NOW }), { kind: 'none', code: 'PAST' });
  assert.equal(because({ type: 'exception' }).kind, 'arrange');
  assert.deepEqual(because({ locations: at('Lobby') }), { kind: 'none', code: null });
});

test('a keyword beside another provider’s link or address is left alone where that is kept', () => {
  const zoom = '<p>https://zoom.us/j/95100270001</p>';
  const because = (more: object, existingTarget: 'keep' | 'add' | 'replace') =>
    decideDecoration(anEvent({ locations: at('@webex'), ...more }), { ...RULES, existingTarget }, NOW);
  const kept = { kind: 'none', code: 'EXISTING_TARGET_KEPT' };
  assert.deepEqual(because({ body: zoom }, 'keep'), kept);
  assert.deepEqual(
    because({ locations: at('@webex', 'https://meet.google.com/abc-defg-hij') }, 'keep'),
    kept,
  );
  assert.deepEqual(
    because({ onlineMeetingUrl: 'https://teams.microsoft.com/l/meetup-join/19%3ameeting_x/0' }, 'keep'),
    kept,
  );
  for (const policy of ['add', 'replace'] as const)
    assert.equal(because({ body: zoom }, policy).kind, 'arrange');
  assert.equal(because({ body: '<p>https://nordwind.webex.com/meet/bo</p>' }, 'keep').kind, 'arrange');
});

test('a series that Webex can’t repeat gets the personal room in place of a meeting of its own', () => {
  const range = { type: 'noEnd', endDate: '', numberOfOccurrences: 0, zone: 'UTC' } as const;
  const monthly = { type: 'absoluteMonthly', interval: 1, month: 0, daysOfWeek: [] } as const;
  const rest = { firstDayOfWeek: 'monday', index: 'first' } as const;
  const onDay = (dayOfMonth: number) => ({ pattern: { ...monthly, ...rest, dayOfMonth }, range });
  const choice = (typed: string, more: object) => {
    const keyword = findKeyword([typed]) ?? assert.fail();
    return arrangementFor(anEvent({ type: 'seriesMaster', ...more }), keyword);
  };
  assert.deepEqual(choice('@webex:onetime', { recurrence: onDay(12) }), { kind: 'one-time', code: null });
  const room = { kind: 'personal-room', code: 'RECURRENCE_NOT_EXPRESSIBLE' };
  assert.deepEqual(choice('@webex:onetime', { recurrence: onDay(30) }), room);
  assert.deepEqual(choice('@meet', { recurrence: null }), room);
  assert.deepEqual(choice('@webex', { recurrence: null }), { kind: 'personal-room', code: null });
  assert.deepEqual(choice('@meet', { type: 'exception', recurrence: null }), { kind: 'space', code: null });
  assert.deepEqual(choice('@meet:lobby', { recurrence: onDay(1) }), {
    kind: 'space',
    code: 'MODIFIER_UNKNOWN',
  });
});
