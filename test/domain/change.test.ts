import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideDecoration, decorate, listObstacle, meetingOf, standingOf } from '../../src/domain/change.ts';
import { readHtml } from '../../src/domain/html-text.ts';
import { DEFAULT_SETTINGS } from '../../src/domain/join-block/join-details.ts';
import { builtInRules } from '../../src/domain/join-target/built-in-rules.ts';
import { DEFAULT_KEYWORDS } from '../../src/domain/keyword.ts';
import { anEvent, at, NOW } from './calendar-events.ts';

const ROOM = {
  url: 'https://nordwind.webex.com/meet/ann',
  sip: 'ann@nordwind.webex.com',
  meetingNumber: null,
};
const DAY = 86_400_000;
const WINDOW = { from: NOW - 7 * DAY, to: NOW + 31 * DAY };

function decorated(
  event = anEvent({ locations: at('Room 1, @webex please', 'Lobby') }),
  locale: string | null = null,
) {
  const decision = decideDecoration(event, DEFAULT_KEYWORDS, NOW);
  assert.equal(decision.kind, 'arrange');
  if (decision.kind !== 'arrange') throw new Error('not arranged');
  return decorate(event, decision.keyword, ROOM, 'mark-1', { settings: DEFAULT_SETTINGS, locale });
}

test('the keyword’s place in its location becomes the meeting’s address and the other locations stay', () => {
  const write = decorated();
  assert.deepEqual(write.locations, [
    { displayName: 'Room 1, https://nordwind.webex.com/meet/ann please', locationType: 'default' },
    { displayName: 'Lobby', locationType: 'default' },
  ]);
  assert.equal(write.mark, 'mark-1');
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
    [ROOM.url, ROOM.url],
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
    decideDecoration(anEvent({ locations: at('@webex'), ...change }), DEFAULT_KEYWORDS, NOW);
  assert.deepEqual(because({ isOrganizer: false }), { kind: 'none', code: 'NOT_ORGANIZER' });
  assert.deepEqual(because({ isCancelled: true }), { kind: 'none', code: 'CANCELLED' });
  assert.deepEqual(because({ isDraft: true }), { kind: 'none', code: 'DRAFT' });
  assert.deepEqual(because({ startAt: NOW - 2, endAt: NOW }), { kind: 'none', code: 'PAST' });
  assert.deepEqual(because({ type: 'occurrence' }), { kind: 'none', code: 'IN_SERIES' });
  assert.equal(because({ type: 'seriesMaster', lastEndAt: null, endAt: NOW - 9 }).kind, 'arrange');
  assert.deepEqual(because({ type: 'seriesMaster', lastEndAt: NOW }), { kind: 'none', code: 'PAST' });
  assert.equal(because({ type: 'exception' }).kind, 'arrange');
  assert.deepEqual(because({ locations: at('@meet') }), { kind: 'none', code: 'ARRANGEMENT_NOT_SUPPORTED' });
  assert.deepEqual(because({ locations: at('Lobby') }), { kind: 'none', code: null });
});

test('the list holds what overlaps its window and was not declined or cancelled', () => {
  assert.equal(listObstacle(anEvent(), WINDOW), null);
  assert.equal(
    listObstacle(anEvent({ endAt: WINDOW.from, startAt: WINDOW.from - 1 }), WINDOW),
    'OUT_OF_WINDOW',
  );
  assert.equal(listObstacle(anEvent({ endAt: WINDOW.from + 1, startAt: WINDOW.from - 1 }), WINDOW), null);
  assert.equal(listObstacle(anEvent({ startAt: WINDOW.to, endAt: WINDOW.to + 1 }), WINDOW), 'OUT_OF_WINDOW');
  assert.equal(listObstacle(anEvent({ response: 'declined' }), WINDOW), 'DECLINED');
  assert.equal(listObstacle(anEvent({ isCancelled: true }), WINDOW), 'CANCELLED');
});

test('the sealed meeting carries text without mark-up', () => {
  assert.equal(
    meetingOf(
      anEvent({ body: '<body><script>x</script><p>a</p><!-- c --><p>b&nbsp;c</p></body>' }),
      builtInRules(),
    ).meeting.notes,
    'a\nb c',
  );
});

test('an arrangement stands as long as its address stands in a location, with the block or without', () => {
  const written = decorated(anEvent({ locations: at('@webex') }));
  const body = written.body?.content ?? '';
  const kind = (more: object) => standingOf(anEvent(more), 'mark', DEFAULT_SETTINGS).kind;
  assert.equal(kind({ body, locations: at('Room 7', `Join: ${ROOM.url.toUpperCase()}.`) }), 'stands');
  assert.equal(kind({ body, locations: at(ROOM.sip) }), 'stands');
  assert.equal(kind({ locations: at(ROOM.url) }), 'stands', 'the owner removed the block');
  assert.equal(kind({ body, locations: at('Room 7') }), 'ended');
  assert.equal(kind({ body, locations: at('https://nordwind.webex.com/meet/somebody') }), 'ended');
  assert.equal(kind({ locations: at('https://zoom.us/j/95100270001') }), 'ended');
});

test('an arrangement that ends takes its block out and nothing else', () => {
  const plain = anEvent({ locations: at('Room 7') });
  const written = decorated({ ...plain, locations: at('@webex') });
  const standing = standingOf({ ...plain, body: written.body?.content ?? '' }, 'mark', DEFAULT_SETTINGS);
  assert.deepEqual(standing, {
    kind: 'ended',
    write: { body: { contentType: 'html', content: plain.body }, mark: 'mark' },
  });
  assert.deepEqual(standingOf(plain, 'mark', DEFAULT_SETTINGS), { kind: 'ended', write: null });
});
