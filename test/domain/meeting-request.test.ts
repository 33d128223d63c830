import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CalendarEvent } from '../../src/domain/calendar-event.ts';
import { meetingRequest, type Wish } from '../../src/domain/meeting-request.ts';
import { spaceMembers } from '../../src/domain/space-members.ts';
import { anEvent, NOW } from './calendar-events.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOTHING = { title: false, people: false };
const ALL = { title: true, people: true };
const ATTENDEES: CalendarEvent['attendees'] = [
  { name: 'Bo', address: 'bo@nordwind.example', type: 'required', response: 'none' },
  { name: 'Bo', address: 'BO@nordwind.example ', type: 'optional', response: 'none' },
  { name: 'Ann', address: 'Ann@nordwind.example', type: 'required', response: 'accepted' },
  { name: 'Aurora', address: 'aurora@nordwind.example', type: 'resource', response: 'accepted' },
  { name: 'Nobody', address: '', type: 'optional', response: 'none' },
];

function attendee(address: string): CalendarEvent['attendees'][number] {
  return { name: '', address, type: 'required', response: 'none' };
}

function wish(more: Partial<Wish> = {}, event: Partial<CalendarEvent> = {}): Wish {
  return {
    event: anEvent({ subject: 'Secret plans', attendees: ATTENDEES, ...event }),
    startAt: NOW + HOUR,
    endAt: NOW + 2 * HOUR,
    zone: 'Europe/Stockholm',
    rule: null,
    hostAddress: 'ann@nordwind.example',
    inSpace: false,
    neutralTitle: 'Möte',
    ...more,
  };
}

function requested(given: Wish, sharing = NOTHING) {
  const outcome = meetingRequest(given, sharing, NOW);
  assert.equal(outcome.kind, 'request');
  return outcome.kind === 'request' ? outcome.request : assert.fail();
}

test('only the host’s address and the times leave where nothing is shared', () => {
  assert.deepEqual(requested(wish()), {
    hostAddress: 'ann@nordwind.example',
    zone: 'Europe/Stockholm',
    rule: null,
    title: 'Möte',
    invitees: [],
    startAt: NOW + HOUR,
    endAt: NOW + 2 * HOUR,
  });
});

test('each switch lets its own field leave: the subject, and each person once without rooms and the host', () => {
  assert.equal(requested(wish(), { title: true, people: false }).title, 'Secret plans');
  assert.deepEqual(requested(wish(), { title: true, people: false }).invitees, []);
  const people = requested(wish(), { title: false, people: true });
  assert.deepEqual([people.title, people.invitees], ['Möte', ['bo@nordwind.example']]);
});

test('a private meeting shares nothing, whatever the switches say', () => {
  for (const sensitivity of ['private', 'confidential', 'personal'] as const) {
    const { title, invitees } = requested(wish({}, { sensitivity }), ALL);
    assert.deepEqual([title, invitees], ['Möte', []]);
  }
});

test('people of a space are invited by the space', () => {
  assert.deepEqual(requested(wish({ inSpace: true }), ALL).invitees, []);
});

test('a title is one line of at most 128 characters, none of them cut in two; without one the neutral one stands', () => {
  const title = (subject: string) => requested(wish({}, { subject }), ALL).title;
  assert.equal(title(' a\r\n b '), 'a b');
  assert.equal(title('  '), 'Möte');
  assert.equal(title(`${'x'.repeat(127)}😀`), 'x'.repeat(127));
  assert.equal(title('y'.repeat(300)).length, 128);
});

test('who has no address that Webex would take is not in the list', () => {
  const attendees = ['/o=exchange/cn=bo', 'bo', '', 'cy@other.example'].map(attendee);
  assert.deepEqual(requested(wish({}, { attendees }), ALL).invitees, ['cy@other.example']);
});

test('a list of invitees ends where Webex ends it', () => {
  const attendees = Array.from({ length: 1_200 }, (_, n) => attendee(`${n}@nordwind.example`));
  assert.equal(requested(wish({}, { attendees }), ALL).invitees.length, 1_000);
});

test('lengths are brought into the bounds of Webex: ten minutes to a minute less than a day', () => {
  const length = (ms: number) => {
    const { startAt, endAt } = requested(wish({ endAt: NOW + HOUR + ms }));
    return (endAt - startAt) / MINUTE;
  };
  assert.deepEqual(
    [0, 5, 10, 600].map((minutes) => length(minutes * MINUTE)),
    [10, 10, 10, 600],
  );
  assert.deepEqual(
    [24, 25].map((hours) => length(hours * HOUR)),
    [1439, 1439],
  );
  const longer = meetingRequest(wish({ endAt: NOW + 27 * HOUR }), NOTHING, NOW);
  assert.deepEqual(longer, { kind: 'refused', reason: 'LONGER_THAN_A_DAY' });
});

test('a running meeting begins with the next minute; past ones and series that begin in the past are refused', () => {
  const running = requested(wish({ startAt: NOW - HOUR, endAt: NOW + 30 * MINUTE }));
  assert.deepEqual([running.startAt, running.endAt], [NOW, NOW + 30 * MINUTE]);
  const past = { kind: 'refused', reason: 'PAST' };
  assert.deepEqual(meetingRequest(wish({ startAt: NOW - HOUR, endAt: NOW }), NOTHING, NOW), past);
  const series = wish({ startAt: NOW - HOUR, endAt: NOW + HOUR, rule: 'FREQ=DAILY' });
  assert.deepEqual(meetingRequest(series, NOTHING, NOW), past);
});

test('a space takes each person once, and 120 of them', () => {
  assert.deepEqual(spaceMembers(['a', 'B', 'b']), { kind: 'members', personIds: ['a', 'b'] });
  const many = Array.from({ length: 121 }, (_, n) => `${n}`);
  assert.equal(spaceMembers(many.slice(1)).kind, 'members');
  assert.deepEqual(spaceMembers(many), { kind: 'too-many', count: 121 });
});
