import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { at, book, instances } from '../staging/graph-calendar.ts';
import type { AnswerBody } from '../staging/simulated-cloud.ts';
import { ConnectedRig } from '../sync/connected-rig.ts';
import { change, linkOf, meetings, now, occurrencesAtWebex, remove } from '../sync/scheduled-event.ts';
import { PATTERNS, type Pattern } from './recurrence-patterns.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** As `ConnectedRig` lists: a day back and 31 ahead. */
const WINDOW = { back: DAY_MS, ahead: 31 * DAY_MS };
const AHEAD_MS = 60 * DAY_MS;
const KEYWORDS = ['@webex', '@webex:onetime', '@meet'];
const PATCHES = /^PATCH .*\/events\//;
/** Hours away from the borders of the window, which lie at the present time of day. */
const HOUR = [4, 10, 16].find((hour) => Math.abs(hour - new Date().getUTCHours()) >= 4) ?? 4;
const LINK = /https:\/\/nordwind\.webex\.com\/nordwind\/j\.php\?MTID=m[0-9a-f]{32}/g;

interface Series {
  readonly owner: Person;
  readonly master: AnswerBody;
  readonly keyword: string;
}

describe('forty ways to recur', () => {
  let rig: ConnectedRig;
  let all: Series[] = [];
  let ended: () => Promise<void>;
  /** Calls by which the appliance wrote to events since the last look. */
  let seen = 0;
  const written = (): number => {
    const calls = rig.calls(PATCHES).length;
    const fresh = calls - seen;
    seen = calls;
    return fresh;
  };

  before(async () => {
    const cleanUps: (() => Promise<void>)[] = [];
    rig = await ConnectedRig.start({ after: (work: () => Promise<void>) => cleanUps.push(work) } as never);
    ended = async () => {
      for (const work of cleanUps) await work();
    };
    await rig.watch(...Array.from({ length: 8 }, (_, n) => rig.person(n)));
  });
  after(() => ended());

  test('a keyword on the series is answered with one write, and what Webex holds is what invitations show', async () => {
    all = await Promise.all(
      PATTERNS.map(async (pattern, n) => {
        const owner = rig.person(n % 8);
        const keyword = KEYWORDS[n % KEYWORDS.length] ?? '';
        const event = { subject: `Series ${n}`, location: { displayName: keyword }, ...times(pattern, n) };
        return { owner, keyword, master: await book(rig.cloud, owner, event) };
      }),
    );
    await rig.settled();
    assert.equal(written(), PATTERNS.length);
    await inOrder();
  });

  test('a series that is moved moves its meeting, and is not written again', async () => {
    for (const { owner, master } of all)
      await change(rig, owner, master, later(await now(rig, owner, master)));
    await rig.settled();
    assert.equal(written(), 0);
    await inOrder();
  });

  test('an occurrence that is edited stays listed with its series’ way to join', async () => {
    for (const one of all) await change(rig, one.owner, await occurrence(one, 1), { subject: 'Edited' });
    await rig.settled();
    assert.equal(written(), 0);
    await inOrder();
  });

  test('a cancelled occurrence leaves the list', async () => {
    for (const one of all) await remove(rig, one.owner, await occurrence(one, 0));
    await rig.settled();
    assert.equal(written(), 0);
    await inOrder();
  });

  test('an occurrence that is moved is moved in the list and at Webex, and is not written', async () => {
    for (const one of all) {
      const second = await occurrence(one, 1);
      await change(rig, one.owner, second, later(second));
    }
    await rig.settled();
    assert.equal(written(), 0);
    await inOrder();
  });

  test('a keyword on one occurrence is answered there alone, with one write', async () => {
    const before = await meetings(rig);
    for (const [n, one] of all.entries()) {
      const location = { displayName: n % 2 === 0 ? '@webex:onetime' : '@webex' };
      await change(rig, one.owner, await occurrence(one, 2), { location });
    }
    await rig.settled();
    assert.equal(written(), all.length);
    assert.equal((await meetings(rig)).length, before.length + all.length / 2);
    await inOrder();
  });

  test('a keyword that is taken away takes the series’ meeting along, and leaves the occurrence its own', async () => {
    for (const { owner, master } of all)
      await change(rig, owner, master, { location: { displayName: 'Room 7' } });
    await rig.settled();
    // The series, and the edited and the moved occurrence that held what was written to it.
    assert.equal(written(), 3 * all.length);
    assert.equal((await meetings(rig)).length, all.length / 2);
    await inOrder();
  });

  test('a series that is deleted leaves nothing behind', async () => {
    for (const { owner, master } of all) await remove(rig, owner, master);
    await rig.settled();
    assert.equal(written(), 0);
    all = [];
    await inOrder();
  });

  /** No list holds what its calendar doesn't, and Webex holds exactly the meetings that invitations lead to. */
  async function inOrder(): Promise<void> {
    for (let n = 0; n < 8; n += 1) {
      const owner = rig.person(n);
      assert.deepEqual(rig.webex.starts(owner.address), await startsIn(owner), `the list of person ${n}`);
    }
    const shown = (await Promise.all(all.map(linksOf))).flat();
    const held = (await meetings(rig)).map(linkOf);
    assert.deepEqual(held.toSorted(), [...new Set(shown)].toSorted());
    for (const one of all) await inStep(one);
  }

  /** A series that has a meeting takes place at Webex when it does in the calendar. */
  async function inStep({ owner, master }: Series): Promise<void> {
    const { location } = await now(rig, owner, master);
    const held = (await meetings(rig)).find((meeting) => linkOf(meeting) === location.displayName);
    if (held === undefined) return;
    const present = rig.cloud.context.clock.now();
    const [from = '', to = ''] = [present, present + AHEAD_MS].map((ms) => new Date(ms).toISOString());
    const window = `startDateTime=${from}&endDateTime=${to}`;
    const calendar = (await instances(rig.cloud, owner, master, window)).map(({ start }) => start.dateTime);
    assert.deepEqual(
      (await occurrencesAtWebex(rig, held, from, to)).toSorted(),
      calendar.map((text) => text.slice(0, 19)).toSorted(),
      master.subject,
    );
  }

  async function startsIn(owner: Person): Promise<string[]> {
    const present = rig.cloud.context.clock.now();
    const [from, to] = [present - WINDOW.back, present + WINDOW.ahead].map((ms) =>
      new Date(ms).toISOString(),
    );
    const path = `/users/${owner.entraId}/calendarView?startDateTime=${from}&endDateTime=${to}&$top=1000`;
    const { json } = await rig.cloud.call('GET', path);
    return json.value.map(({ start }) => new Date(`${start.dateTime.slice(0, 19)}Z`).toISOString()).sort();
  }

  /** Links to Webex in the locations of a series and its exceptions. */
  async function linksOf({ owner, master }: Series): Promise<string[]> {
    const { json } = await rig.cloud.call('GET', `${at(owner, master)}?$expand=exceptionOccurrences`);
    const texts = [json, ...(json.exceptionOccurrences ?? [])].map(({ location }) => location.displayName);
    return texts.flatMap((text) => text.match(LINK) ?? []);
  }

  /** The n-th of those that are left, wherever in the next years it lies. */
  async function occurrence({ owner, master }: Series, n: number): Promise<AnswerBody> {
    const from = new Date(rig.cloud.context.clock.now()).toISOString();
    const to = new Date(rig.cloud.context.clock.now() + 1_700 * DAY_MS).toISOString();
    const path = `${at(owner, master)}/instances?startDateTime=${from}&endDateTime=${to}&$top=20`;
    const { json } = await rig.cloud.call('GET', path);
    const found = json.value.toSorted((a, b) => (a.start.dateTime < b.start.dateTime ? -1 : 1))[n];
    assert.ok(found, `series ${master.subject} has no occurrence ${n}`);
    return found;
  }

  /** Half an hour later on the same days. */
  function later({ start, end }: AnswerBody): object {
    const moved = ({ dateTime, timeZone }: AnswerBody['start']) => ({
      dateTime: new Date(Date.parse(`${dateTime.slice(0, 19)}Z`) + 30 * MINUTE_MS).toISOString().slice(0, 19),
      timeZone,
    });
    return { start: moved(start), end: moved(end) };
  }
});

/** A series of one hour a time that begins tomorrow or later, on the first day that fits its pattern. */
function times({ pattern, range }: Pattern, n: number): object {
  const day = new Date(Date.now() + DAY_MS).toISOString().slice(0, 10);
  const [start, end] = [HOUR, HOUR + 1].map((hour) => `${day}T${String(hour).padStart(2, '0')}:07:00`);
  const timeZone = n % 2 === 0 ? 'UTC' : 'W. Europe Standard Time';
  const last = `${Number(day.slice(0, 4)) + 12}-${day.slice(5, 8)}01`;
  return {
    start: { dateTime: start, timeZone },
    end: { dateTime: end, timeZone },
    recurrence: {
      pattern,
      range: { type: range, startDate: day, endDate: last, numberOfOccurrences: 6 },
    },
  };
}
