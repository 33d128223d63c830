import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CalendarEvent } from '../../src/domain/calendar-event.ts';
import { DEFAULT_SETTINGS } from '../../src/domain/join-block/join-details.ts';
import { markText, NO_MARK, readMark } from '../../src/domain/mark.ts';
import type { EventWrite } from '../../src/domain/ports.ts';
import { bareEvent, standingOf, undecorate } from '../../src/domain/standing.ts';
import { anEvent, at } from './calendar-events.ts';
import { decorated, ROOM } from './decorated-event.ts';

test('an arrangement stands as long as its address stands in a location, with the block or without', () => {
  const written = decorated(anEvent({ locations: at('@webex') }));
  const body = written.body?.content ?? '';
  const kind = (more: object) => standingOf(anEvent(more), DEFAULT_SETTINGS).kind;
  assert.equal(kind({ body, locations: at('Room 7', `Join: ${ROOM.link?.toUpperCase()}.`) }), 'stands');
  assert.equal(kind({ body, locations: at(ROOM.videoAddress ?? '') }), 'stands');
  assert.equal(kind({ locations: at(ROOM.link ?? '') }), 'stands', 'the owner removed the block');
  assert.equal(kind({ body, locations: at('Room 7') }), 'ended');
  assert.equal(kind({ body, locations: at('https://nordwind.webex.com/meet/somebody') }), 'ended');
  assert.equal(kind({ locations: at('https://zoom.us/j/95100270001') }), 'ended');
});

test('an arrangement that ends takes its block out and nothing else', () => {
  const plain = anEvent({ locations: at('Room 7') });
  const written = decorated({ ...plain, locations: at('@webex') });
  const standing = standingOf({ ...plain, body: written.body?.content ?? '' }, DEFAULT_SETTINGS);
  assert.deepEqual(standing, {
    kind: 'ended',
    write: { body: { contentType: 'html', content: plain.body }, mark: NO_MARK },
  });
  assert.deepEqual(standingOf(plain, DEFAULT_SETTINGS), { kind: 'ended', write: null });
});

test('a cancelled event ends its arrangement and is not written', () => {
  const cancelled = anEvent({ isCancelled: true, locations: at(ROOM.link ?? '') });
  assert.deepEqual(standingOf(cancelled, DEFAULT_SETTINGS), { kind: 'ended', write: null });
});

/** The event as the calendar holds it after a write. */
function after(event: CalendarEvent, { locations = [], body, mark }: EventWrite): CalendarEvent {
  const places = locations.map((raw) => {
    const uri = typeof raw.locationUri === 'string' && raw.locationUri !== '' ? raw.locationUri : null;
    return { displayName: String(raw.displayName), uri, raw };
  });
  return { ...event, locations: places, body: body?.content ?? event.body, mark };
}

test('what was decorated and then undecorated is as it was: every place, the keyword as typed, the body', () => {
  for (const typed of ['@webex', '@Webex:myroom', '＠ｗｅｂｅｘ', '@webex:$&']) {
    const event = anEvent({
      locations: at(`Room 1, ${typed} please`, 'Lobby'),
      body: '<p>See <b>you</b></p>',
    });
    const there = after(event, decorated(event));
    const mark = readMark(there.mark) ?? assert.fail();
    const bare = undecorate(there, mark, DEFAULT_SETTINGS) ?? assert.fail();
    assert.equal(bare.mark, NO_MARK);
    assert.deepEqual(
      bare.locations?.map(({ displayName }) => displayName),
      event.locations.map(({ displayName }) => displayName),
    );
    assert.equal(bare.body?.content, event.body);
    assert.deepEqual(bareEvent(there, mark, DEFAULT_SETTINGS).body, event.body);
  }
});

test('where the calendar had made a link of our address, the link goes with it', () => {
  const event = anEvent({ locations: at('@webex') });
  const there = after(event, decorated(event));
  const [place] = there.locations;
  const uri = ROOM.link ?? '';
  const linked = {
    ...there,
    locations: [{ displayName: uri, uri, raw: { ...place?.raw, locationUri: uri } }],
  };
  const write = undecorate(linked, { typed: '@webex' }, DEFAULT_SETTINGS);
  assert.deepEqual(
    write?.locations?.map(({ displayName, locationUri }) => [displayName, locationUri]),
    [['@webex', '']],
  );
});

test('an invitation without anything of ours is not written', () => {
  const plain = anEvent({ locations: at('Lobby') });
  assert.equal(undecorate(plain, { typed: '@webex' }, DEFAULT_SETTINGS), null);
});

test('a mark carries the keyword as it was typed, and nothing else is taken for one', () => {
  const mark = { id: 'd3b0', typed: '@möte : space' };
  assert.deepEqual(readMark(markText(mark)), mark);
  for (const text of [null, '', 'd3b0', 'v1;d3b0', 'v1;;QA', 'v2;d3b0;QA', 'v1;d3b0;QA;more'])
    assert.equal(readMark(text), null);
});
