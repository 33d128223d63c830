import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { instantOf } from '../../src/graph/graph-time.ts';
import { parseEvent } from '../../src/graph/parse.ts';
import { eventJson } from './graph-rig.ts';

const SAMPLES = new URL('../../../shared/samples/graph/', import.meta.url);
const RECORDED = [
  'botframework-calendarView-onlineMeeting.json',
  'botframework-calendarView-organizer.json',
  'botframework-event.json',
  'corso-event-seriesMaster-teams.json',
  'mattermost-calendarView.json',
  'ms365calendar-view-1.json',
  'ms365calendar-view-3.json',
  'ms365calendar-view-allday.json',
];

function recorded(name: string): unknown[] {
  const json: unknown = JSON.parse(readFileSync(new URL(name, SAMPLES), 'utf8'));
  assert.ok(typeof json === 'object' && json !== null);
  return 'value' in json && Array.isArray(json.value) ? json.value : [json];
}

test('reads every recorded event', (t) => {
  if (!existsSync(SAMPLES)) return t.skip('the recordings are not here');
  for (const name of RECORDED) {
    for (const json of recorded(name)) {
      const event = parseEvent(json);
      assert.ok(event.endAt >= event.startAt && event.changeKey !== '', name);
    }
  }
});

test('reads the recorded Teams series in all its parts', (t) => {
  if (!existsSync(SAMPLES)) return t.skip('the recordings are not here');
  const event = parseEvent(recorded('corso-event-seriesMaster-teams.json')[0]);
  assert.equal(event.type, 'seriesMaster');
  assert.equal(event.startAt, Date.UTC(2024, 0, 22, 2, 30));
  assert.equal(event.organizer.name, 'Johanna Lorenz');
  assert.match(event.onlineMeetingUrl ?? '', /^https:\/\/teams\.microsoft\.com\//);
  assert.equal(event.locations[0]?.raw.uniqueIdType, 'private');
  assert.equal(event.attendees[0]?.response, 'none');
});

test('refuses a recorded time in a Windows zone: answers are asked for in UTC', (t) => {
  if (!existsSync(SAMPLES)) return t.skip('the recordings are not here');
  const [json] = recorded('botframework-calendarView-attendee-copy-teams.json');
  assert.throws(() => parseEvent(json), AppError);
});

test('tolerates what is null, missing, differently spelt or unknown', () => {
  const event = parseEvent(
    eventJson({
      type: 'SingleInstance',
      subject: null,
      body: null,
      location: { displayName: 'Room 1', locationUri: 'https://x.example.com', future: 1 },
      locations: [],
      attendees: null,
      organizer: null,
      onlineMeeting: null,
      sensitivity: 'somethingNew',
      responseStatus: { response: 'Organizer', time: '0001-01-01T00:00:00Z' },
      occurrenceId: null,
    }),
  );
  assert.deepEqual([event.type, event.subject, event.body], ['singleInstance', '', '']);
  assert.deepEqual([event.sensitivity, event.response], ['private', 'organizer']);
  assert.deepEqual(event.locations, [
    {
      displayName: 'Room 1',
      uri: 'https://x.example.com',
      raw: { displayName: 'Room 1', locationUri: 'https://x.example.com', future: 1 },
    },
  ]);
});

test('refuses an event without id, change key or readable time', () => {
  const zone = { dateTime: '2026-12-01T10:00:00', timeZone: 'W. Europe Standard Time' };
  const broken = [
    null,
    [],
    eventJson({ id: '' }),
    eventJson({ changeKey: null, '@odata.etag': null }),
    eventJson({ start: zone }),
  ];
  for (const json of broken) {
    assert.throws(
      () => parseEvent(json),
      (thrown) =>
        thrown instanceof AppError && thrown.reason === 'UNPARSABLE_EVENT' && thrown.code === 'invalid',
    );
  }
});

test('reads times by the zone beside them', () => {
  const ten = Date.UTC(2026, 11, 1, 10);
  assert.equal(instantOf('2026-12-01T10:00:00.0000000', 'UTC'), ten);
  assert.equal(instantOf('2026-12-01T10:00:00.0000000', 'tzone://Microsoft/Utc'), ten);
  assert.equal(instantOf('2026-12-01T11:00:00.0000000', 'Europe/Stockholm'), ten);
  assert.equal(instantOf('2026-12-01T10:00:00.0000000Z', 'Europe/Stockholm'), ten);
  assert.equal(instantOf('2026-12-01T12:00:00+02:00', ''), ten);
  assert.equal(instantOf('2026-12-01T10:00:00', 'Customized Time Zone'), null);
  assert.equal(instantOf('2026-13-01T10:00:00', 'UTC'), null);
  assert.ok((instantOf('0001-01-01T00:00:00.0000000Z', 'tzone://Microsoft/Utc') ?? 0) < 0);
});

test('reads how a master recurs, also where members are missing or spelt otherwise', () => {
  const recurrence = {
    pattern: { type: 'RelativeMonthly', interval: 2, daysOfWeek: ['Tuesday'], index: 'last', month: null },
    range: { type: 'numbered', numberOfOccurrences: 5, recurrenceTimeZone: 'W. Europe Standard Time' },
  };
  assert.deepEqual(parseEvent(eventJson({ type: 'seriesMaster', recurrence })).recurrence, {
    pattern: {
      type: 'relativeMonthly',
      interval: 2,
      month: 0,
      dayOfMonth: 0,
      daysOfWeek: ['tuesday'],
      firstDayOfWeek: 'sunday',
      index: 'last',
    },
    range: { type: 'numbered', endDate: '', numberOfOccurrences: 5, zone: 'W. Europe Standard Time' },
  });
});

test('tells no recurrence of a kind that nobody knows, and none of an event that does not recur', () => {
  const pattern = { type: 'weekly', interval: 1, daysOfWeek: ['monday'] };
  const range = { type: 'noEnd', recurrenceTimeZone: 'UTC' };
  const of = (recurrence: object, type = 'seriesMaster') =>
    parseEvent(eventJson({ type, recurrence })).recurrence;
  assert.notEqual(of({ pattern, range }), null);
  assert.equal(of({ pattern, range }, 'exception'), null);
  assert.equal(of({ pattern: { ...pattern, type: 'lunar' }, range }), null);
  assert.equal(of({ pattern: { ...pattern, daysOfWeek: ['monday', 'doomsday'] }, range }), null);
  assert.equal(of({ pattern, range: { ...range, type: 'sometimes' } }), null);
  assert.equal(of({ pattern }), null);
});
