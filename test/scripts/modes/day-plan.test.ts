import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../../scripts/crash/seeded-random.ts';
import { type DayChange, planDay } from '../../../scripts/modes/day-plan.ts';

const ACCOUNTS = { people: 8, rooms: 3 };
const plan = (seed: number, count = 1_000) => planDay(new SeededRandom(seed), count, ACCOUNTS);

test('the seed alone decides the day', () => {
  assert.deepEqual(plan(7), plan(7));
  assert.notDeepEqual(plan(7), plan(8));
});

test('a day holds every kind of change, single meetings and series, near ones and far ones', () => {
  const changes = plan(1);
  assert.equal(changes.length, 1_000);
  const kinds = [...new Set(changes.map(({ kind }) => kind))].sort();
  assert.deepEqual(kinds, [
    'cancel',
    'cancel-one',
    'create',
    'delete',
    'edit-one',
    'move',
    'rename',
    'respond',
  ]);
  const made = changes.flatMap((change) => (change.kind === 'create' ? [change] : []));
  assert.deepEqual(new Set(made.map(({ repeats }) => repeats?.every)), new Set([undefined, 'day', 'week']));
  const days = made.map(({ startMinute }) => Math.floor(startMinute / 1_440));
  assert.ok(days.some((day) => day < 19) && days.some((day) => day >= 45));
});

test('nothing befalls a meeting before it was made or after it went, and a series keeps an occurrence', () => {
  for (const seed of [1, 2, 3, 4]) assert.deepEqual(impossible(plan(seed)), []);
});

test('no guest deletes a copy that the join details would bring back', () => {
  for (const seed of [1, 2, 3, 939_585_379]) {
    const changes = plan(seed);
    const keyword = new Set(
      changes.flatMap((one) => (one.kind === 'create' && one.joining === 'keyword' ? [one.meeting] : [])),
    );
    const deleted = changes.filter(({ kind, meeting }) => kind === 'delete' && keyword.has(meeting));
    assert.deepEqual(deleted, []);
  }
});

interface Known {
  left: number;
  readonly copies: Set<number>;
}

/** Changes that could not be made in this order. */
function impossible(changes: readonly DayChange[]): DayChange[] {
  const known = new Map<number, Known>();
  return changes.filter((change) => {
    if (change.kind === 'create') {
      const again = known.has(change.meeting);
      known.set(change.meeting, { left: change.repeats?.count ?? 0, copies: new Set(change.guests) });
      return again || change.guests.includes(change.owner);
    }
    const meeting = known.get(change.meeting);
    if (meeting === undefined) return true;
    if (change.kind === 'cancel') known.delete(change.meeting);
    if (change.kind === 'cancel-one') meeting.left -= 1;
    if (change.kind === 'edit-one' || change.kind === 'cancel-one') return meeting.left < 1;
    if (change.kind === 'move') return meeting.left > 0;
    if (change.kind === 'delete') return !meeting.copies.delete(change.guest);
    return change.kind === 'respond' && !(meeting.copies.has(change.guest) && change.guest < ACCOUNTS.people);
  });
}
