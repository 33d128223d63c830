import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMAND_LINE } from '../../src/domain/audit.ts';
import { askRemoval, removeMailbox } from '../../src/sync/remove-mailbox.ts';
import { storeMeeting } from '../../src/sync/store-meeting.ts';
import { calendarEvent, NOW, syncRig } from './sync-rig.ts';

test('what Webex was to be told last and never acknowledged is told when a mailbox is removed', async (t) => {
  const told: string[] = [];
  const { deps, mailbox, job } = await syncRig(t, {
    sink: {
      withdraw: async () => 'withdrawn',
      withdrawReminder: async (_, __, version) => {
        told.push(`no button ${version}`);
        return 'withdrawn';
      },
      setPresence: async (_, { away }) => void told.push(away ? 'away' : 'here'),
    },
  });
  const event = calendarEvent();
  const closing = await storeMeeting(deps, mailbox, event, NOW);
  const replies = { status: 'disabled', startAt: null, endAt: null } as const;
  const back = { replies, readAt: NOW, away: false, until: null, version: NOW, deliveredVersion: NOW - 1 };
  deps.store.write((w) => {
    closing.write(w);
    const reminder = w.reminder(mailbox.id, event.id);
    assert.ok(reminder);
    w.putReminder({ ...reminder, told: 'withdrawal', version: 2, sentVersion: 1 });
    w.putPresence({ ...back, mailboxId: mailbox.id });
  });
  askRemoval(deps, mailbox.id, COMMAND_LINE, 'mailbox.remove');
  await removeMailbox(deps, job);
  assert.deepEqual(told, ['no button 3', 'here']);
});
