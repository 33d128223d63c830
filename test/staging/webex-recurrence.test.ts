import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recurrenceRule } from '../../src/domain/recurrence-rule.ts';
import { slotsFrom } from '../../src/staging/cloud/graph/series/slots.ts';
import type { HeldMeeting } from '../../src/staging/cloud/webex/meetings/held-meeting.ts';
import { occurrencesBetween } from '../../src/staging/cloud/webex/meetings/occurrences.ts';
import { readRule } from '../../src/staging/cloud/webex/meetings/recurrence-rule.ts';
import { SERIES } from '../domain/recurrence-samples.ts';

const HOUR = 3_600_000;
const YEAR = 366 * 24 * HOUR;

function meeting(start: number, timezone: string, recurrence: string): HeldMeeting {
  return {
    id: 'm',
    hostUserId: 'u',
    madeBy: 'u',
    meetingNumber: '1',
    password: 'p',
    numericPassword: '1',
    hostKey: '1',
    linkId: 'm',
    title: 'Meeting',
    agenda: null,
    start,
    end: start + HOUR,
    timezone,
    recurrence,
    roomId: null,
    integrationTags: [],
    invitees: [],
    exceptions: {},
    created: 0,
  };
}

test('a series takes place in the simulated Webex when it does in the simulated Graph', () => {
  let expressed = 0;
  const check = fc.property(SERIES, ({ recurrence, simulated, zone, time, passed }) => {
    const outcome = recurrenceRule(recurrence, passed);
    const days = [...slotsFrom(simulated, simulated.range.startDate).take(passed + 200)].slice(passed);
    const [first] = days;
    if (outcome.kind === 'inexpressible' || first === undefined) return;
    expressed += 1;
    const at = (day: string) =>
      Temporal.PlainDate.from(day).toPlainDateTime(time).toZonedDateTime(zone).epochMilliseconds;
    const end = at(first) + 3 * YEAR;
    const found = occurrencesBetween(meeting(at(first), outcome.zone, outcome.rule), 0, end);
    const wanted = days.map(at).filter((start) => start < end);
    assert.deepEqual(
      found.slice(0, wanted.length).map(({ start }) => start),
      wanted,
    );
    if (wanted.length < 200) assert.equal(found.length, wanted.length);
  });
  fc.assert(check, { numRuns: 400, seed: 4 });
  assert.ok(expressed > 200, `only ${expressed} were expressed`);
});

test('takes no rule that Webex does not know, and of several days in a month the first', () => {
  for (const rule of [
    '',
    'DAILY',
    'FREQ=SECONDLY',
    'FREQ=DAILY;INTERVAL=0',
    'FREQ=DAILY;COUNT=0',
    'FREQ=DAILY;COUNT=x',
    'FREQ=DAILY;UNTIL=tomorrow',
    'FREQ=WEEKLY;BYDAY=1MO',
    'FREQ=WEEKLY;BYDAY=XX',
    'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1',
  ])
    assert.equal(readRule(rule), null, rule);
  assert.equal(readRule('RRULE:FREQ=MONTHLY;BYMONTHDAY=10,11')?.monthDay, 10);
  assert.equal(readRule('FREQ=MONTHLY;BYDAY=1MO,2TU')?.days.length, 1);
});
