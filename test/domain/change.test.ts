import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listObstacle, meetingOf } from '../../src/domain/change.ts';
import { builtInRules } from '../../src/domain/join-target/built-in-rules.ts';
import { anEvent, NOW } from './calendar-events.ts';

const DAY = 86_400_000;
const WINDOW = { from: NOW - 7 * DAY, to: NOW + 31 * DAY };

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
