import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Change, finalMeetings, planChanges } from '../../../scripts/crash/change-plan.ts';
import { SeededRandom } from '../../../scripts/crash/seeded-random.ts';

const ACCOUNTS = { people: 8, rooms: 3 };
const plan = (seed: number, count = 500) => planChanges(new SeededRandom(seed), count, ACCOUNTS);

test('the seed alone decides the changes', () => {
  assert.deepEqual(plan(7), plan(7));
  assert.notDeepEqual(plan(7), plan(8));
});

test('five hundred changes hold every kind, every answer and every way to join', () => {
  const changes = plan(1);
  assert.equal(changes.length, 500);
  const kinds = new Set(changes.map(({ kind }) => kind));
  assert.deepEqual([...kinds].sort(), ['cancel', 'create', 'delete', 'move', 'rename', 'respond']);
  const answers = changes.flatMap((change) => (change.kind === 'respond' ? [change.answer] : []));
  assert.equal(new Set(answers).size, 3);
  const joinings = changes.flatMap((change) => (change.kind === 'create' ? [change.joining] : []));
  assert.equal(new Set(joinings).size, 3);
});

test('the last change is a keyword, which asks every service for something', () => {
  for (const seed of [1, 2, 3]) {
    const last = plan(seed).at(-1);
    assert.ok(last?.kind === 'create' && last.joining === 'keyword');
  }
});

test('nothing befalls a meeting before it was made or after it went, and nobody answers without a copy', () => {
  for (const seed of [1, 2, 3, 4]) assert.deepEqual(impossible(plan(seed)), []);
});

test('knows what is left in the end', () => {
  const create = { kind: 'create', owner: 0, guests: [1], joining: 'zoom', startMinute: 60 } as const;
  const left = finalMeetings([
    { ...create, meeting: 0 },
    { ...create, meeting: 1 },
    { ...create, meeting: 2 },
    { kind: 'rename', meeting: 0, subject: 'New' },
    { kind: 'move', meeting: 0, startMinute: 90 },
    { kind: 'delete', meeting: 0, guest: 1 },
    { kind: 'cancel', meeting: 1 },
    { kind: 'delete', meeting: 2, guest: null },
  ]);
  const facts = [...left.values()].map(({ subject, startMinute, fate }) => [subject, startMinute, fate]);
  assert.deepEqual(facts, [
    ['New', 90, 'stands'],
    ['Meeting 1', 60, 'cancelled'],
    ['Meeting 2', 60, 'deleted'],
  ]);
});

/** Changes that could not be made in this order. */
function impossible(changes: readonly Change[]): Change[] {
  const holders = new Map<number, Set<number>>();
  return changes.filter((change) => {
    if (change.kind === 'create') {
      const known = holders.has(change.meeting);
      holders.set(change.meeting, new Set(change.guests));
      return known || change.guests.includes(change.owner);
    }
    const copies = holders.get(change.meeting);
    if (copies === undefined) return true;
    if (change.kind === 'respond') return !copies.has(change.guest) || change.guest >= ACCOUNTS.people;
    if (change.kind === 'delete' && change.guest !== null) return !copies.delete(change.guest);
    if (change.kind === 'cancel' || change.kind === 'delete') holders.delete(change.meeting);
    return false;
  });
}
