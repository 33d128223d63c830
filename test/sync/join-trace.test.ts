import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { syncEvent } from '../../src/sync/sync-event.ts';
import { calendarEvent, syncRig } from './sync-rig.ts';

async function codesOf(t: TestContext, body: string): Promise<string[]> {
  const event = calendarEvent({ body, bodyType: 'html', changeKey: 'k2' });
  const { deps, mailbox, job } = await syncRig(t, {
    graph: { readEvent: () => Promise.resolve({ kind: 'found', event } as const) },
  });
  const closing = await syncEvent(deps, job);
  deps.store.write((w) => closing.write(w));
  return deps.store.read((r) => r.traces(mailbox.id, 'event')).map(({ code }) => code);
}

test('the decision how to join is traced by providers, sources and reasons', async (t) => {
  const body = `<a href="https://zoom.us/j/812345678">a</a> <a href="https://meet.google.com/abc-defg-hij">b</a>
    <a href="https://zoom.us/u/x">c</a> <a href="https://protect-eu.mimecast.com/s/x">d</a>`;
  assert.deepEqual(await codesOf(t, body), [
    'LISTED',
    'JOIN_TARGET zoom body FIRST_IN_TEXT',
    'JOIN_LOSER google-meet body LATER_IN_TEXT',
    'JOIN_IGNORED NEGATIVE phone-list body',
    'JOIN_IGNORED WRAPPED mimecast body',
  ]);
});

test('no way to join is traced too, and nothing of what was read', async (t) => {
  assert.deepEqual(await codesOf(t, '<p>secret words</p>'), ['LISTED', 'NO_JOIN_TARGET']);
});
