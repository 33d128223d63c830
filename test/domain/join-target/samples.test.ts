import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readBody } from '../../../src/domain/html-text.ts';
import { builtInRules } from '../../../src/domain/join-target/built-in-rules.ts';
import { decideJoinTarget } from '../../../src/domain/join-target/join-target.ts';

const FOLDER = join(import.meta.dirname, '../../../../shared/samples/graph');
const skip = existsSync(FOLDER) ? false : 'the recorded samples are not here';
const TEAMS = 'https://teams.microsoft.com/l/meetup-join/';

interface Sample {
  readonly file: string;
  readonly content: string;
  readonly type: 'html' | 'text';
}

/** The bodies of events and messages in whatever a file holds. */
function* bodiesIn(file: string, value: unknown): Generator<Sample> {
  if (typeof value !== 'object' || value === null) return;
  if ('contentType' in value && 'content' in value && typeof value.content === 'string')
    yield {
      file,
      content: value.content,
      type: String(value.contentType).toLowerCase() === 'text' ? 'text' : 'html',
    };
  for (const member of Object.values(value)) yield* bodiesIn(file, member);
}

function samples(): Sample[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  return files.flatMap((file) => [...bodiesIn(file, JSON.parse(readFileSync(join(FOLDER, file), 'utf8')))]);
}

test('every recorded body with a Teams link is joined by it, and no other body by anything', { skip }, () => {
  const rules = builtInRules();
  const all = samples();
  assert.ok(all.length > 10);
  for (const { file, content, type } of all) {
    const { winner } = decideJoinTarget(
      { onlineMeeting: [], locations: [], bodies: [readBody(type, content)] },
      rules,
    );
    const expected = content.includes(`href="${TEAMS}`) ? 'teams' : null;
    assert.equal(winner?.provider ?? null, expected, file);
  }
});

test('number and passcode of a recorded Teams invitation are read, telephone numbers are not', {
  skip,
}, () => {
  const recorded = samples().find(({ content }) => content.includes('290 273 192 285'));
  assert.ok(recorded !== undefined);
  const { winner } = decideJoinTarget(
    { onlineMeeting: [], locations: [], bodies: [readBody(recorded.type, recorded.content)] },
    builtInRules(),
  );
  assert.deepEqual([winner?.meetingId, winner?.passcode], ['290273192285', 'CwEBTS']);
  const old = samples().find(({ content }) => content.includes('771 965 173'));
  assert.ok(old !== undefined);
  const { winner: phoneOnly } = decideJoinTarget(
    { onlineMeeting: [], locations: [], bodies: [readBody(old.type, old.content)] },
    builtInRules(),
  );
  assert.deepEqual([phoneOnly?.meetingId, phoneOnly?.passcode], [null, null]);
});
