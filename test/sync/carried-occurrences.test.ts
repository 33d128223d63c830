import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { askUndecoration } from '../../src/sync/undecorate.ts';
import { book } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { daily } from './future-event.ts';
import {
  change,
  codes,
  meetings,
  occurrenceOf,
  occurrencesAtWebex,
  ownWrites,
  remove,
} from './scheduled-event.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

/** Five days, on a whole minute, that a meeting of their own or a space was made for. */
async function answered(t: TestContext, displayName = '@webex:onetime') {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  const { recurrence, ...span } = daily(5);
  const times = { start: onMinute(span.start), end: onMinute(span.end) };
  const series = await book(rig.cloud, astrid, { ...times, recurrence, location: { displayName } });
  await rig.settled();
  const nth = (n: number) => occurrenceOf(rig, astrid, series, n);
  /** Within its own day, at whatever time this is run: an occurrence never passes a neighbour. */
  const move = async (n: number, minutes: number) => {
    const { id, start, end } = await nth(n);
    const sign = Date.parse(`${start.dateTime.slice(0, 19)}Z`) % DAY_MS < DAY_MS / 2 ? 1 : -1;
    await change(
      rig,
      astrid,
      { id },
      { start: later(start, sign * minutes), end: later(end, sign * minutes) },
    );
    await rig.settled();
  };
  return { rig, astrid, series, nth, move };
}

type GraphTime = ReturnType<typeof daily>['start'];

function onMinute({ dateTime, timeZone }: GraphTime): GraphTime {
  return { dateTime: `${dateTime.slice(0, 16)}:00`, timeZone };
}

function later({ dateTime, timeZone }: GraphTime, minutes: number): GraphTime {
  const instant = Date.parse(`${dateTime.slice(0, 19)}Z`) + minutes * MINUTE_MS;
  return { dateTime: new Date(instant).toISOString().slice(0, 19), timeZone };
}

/** When the meetings of a series begin, in the calendar and at Webex. */
async function starts(
  rig: ConnectedRig,
  nth: (n: number) => Promise<{ readonly start: GraphTime }>,
  count: number,
) {
  const calendar = [];
  for (let n = 0; n < count; n += 1) calendar.push((await nth(n)).start.dateTime.slice(0, 19));
  const present = rig.cloud.context.clock.now();
  const [from = '', to = ''] = [present, present + 40 * DAY_MS].map((ms) => new Date(ms).toISOString());
  const [held] = await meetings(rig);
  const webex = await occurrencesAtWebex(rig, held ?? assert.fail(), from, to);
  return { calendar: calendar.sort(), webex: webex.sort() };
}

for (const keyword of ['@webex:onetime', '@meet'])
  test(`occurrences of ${keyword} that are moved or cancelled by themselves are so at Webex, without a write`, async (t) => {
    const { rig, astrid, series, nth, move } = await answered(t, keyword);
    await move(1, 30);
    await remove(rig, astrid, await nth(3));
    await rig.settled();
    const { calendar, webex } = await starts(rig, nth, 4);
    assert.deepEqual(webex, calendar);
    assert.equal(await ownWrites(rig), 1);
    assert.ok((await codes(rig, astrid, series)).includes('OCCURRENCES_CARRIED'));
    assert.deepEqual(Object((await rig.cloud.control('GET', '/webex/mails')).json).mails, []);
  });

test('an occurrence that is moved back is moved back, and one that was moved may be cancelled', async (t) => {
  const { rig, astrid, nth, move } = await answered(t);
  await move(1, 30);
  await move(2, 45);
  await move(1, -30);
  await remove(rig, astrid, await nth(2));
  await rig.settled();
  const { calendar, webex } = await starts(rig, nth, 4);
  assert.deepEqual(webex, calendar);
});

test('what was changed before the keyword was typed is carried with the first answer', async (t) => {
  const { rig, astrid, series, nth, move } = await answered(t, 'Room 7');
  await move(0, 30);
  await remove(rig, astrid, await nth(2));
  await rig.settled();
  await change(rig, astrid, series, { location: { displayName: '@webex:onetime' } });
  await rig.settled();
  const { calendar, webex } = await starts(rig, nth, 4);
  assert.deepEqual(webex, calendar);
});

test('Webex is told once, and again when the series had to be made anew', async (t) => {
  const { rig, astrid, series, nth, move } = await answered(t);
  await move(1, 30);
  await remove(rig, astrid, await nth(3));
  await rig.settled();
  const told = async () =>
    (await codes(rig, astrid, series)).filter((code) => code === 'OCCURRENCES_CARRIED').length;
  await change(rig, astrid, series, { subject: 'Other' });
  await rig.settled();
  assert.equal(await told(), 2);
  const [held] = await meetings(rig);
  await rig.cloud.control('DELETE', `/webex/meetings/${held?.id}`);
  rig.jump(DAY_MS - 50 * MINUTE_MS);
  await rig.until(async () => (await told()) === 3);
  await rig.settled();
  const { calendar, webex } = await starts(rig, nth, 4);
  assert.deepEqual(webex, calendar);
});

test('what is left of a series that has begun is left at Webex, though the next one was moved and an earlier one cancelled', async (t) => {
  const { rig, astrid, series, nth, move } = await answered(t, 'Room 7');
  await remove(rig, astrid, await nth(0));
  await move(1, 30);
  rig.jump(2.5 * DAY_MS);
  await rig.settled();
  await move(0, 45);
  await change(rig, astrid, series, { location: { displayName: '@webex:onetime' } });
  await rig.settled();
  const { calendar, webex } = await starts(rig, nth, 3);
  assert.deepEqual(webex, calendar);
});

test('an occurrence that Webex does not let go of is asked about again with the next change', async (t) => {
  const { rig, astrid, series, nth } = await answered(t);
  await rig.cloud.control('POST', '/webex/faults', { path: '/v1/meetings', method: 'DELETE', status: 403 });
  await remove(rig, astrid, await nth(2));
  await rig.settled();
  assert.ok((await codes(rig, astrid, series)).includes('OCCURRENCE_REFUSED'));
  await change(rig, astrid, series, { subject: 'Other' });
  await rig.settled();
  const { calendar, webex } = await starts(rig, nth, 4);
  assert.deepEqual(webex, calendar);
});

test('a meeting of an occurrence’s own leaves that of its series as it is', async (t) => {
  const { rig, astrid, series, nth } = await answered(t);
  const { id } = await nth(2);
  await change(rig, astrid, { id }, { location: { displayName: '@webex:onetime' } });
  await rig.settled();
  const [held, own, ...more] = await meetings(rig);
  assert.deepEqual([held?.exceptions, own?.exceptions, more], [{}, {}, []]);
  await askUndecoration(rig.deps, null, false);
  await rig.settled();
  assert.deepEqual(await meetings(rig), []);
  assert.ok(!(await codes(rig, astrid, series)).includes('OCCURRENCES_CARRIED'));
  assert.equal(await ownWrites(rig), 4);
});
