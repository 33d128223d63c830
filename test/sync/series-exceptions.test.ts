import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptHints } from '../../src/sync/intake.ts';
import { book } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { daily } from './future-event.ts';
import { change, meetings, occurrenceOf } from './scheduled-event.ts';

const at = (displayName: string) => ({ location: { displayName } });

test('a keyword on an occurrence brings one meeting, although its series is looked at in the same moment', async (t) => {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  const { id: mailboxId } = await rig.mailbox(astrid);
  for (const made of [1, 2, 3]) {
    const series = await book(rig.cloud, astrid, daily(4));
    await rig.settled();
    const second = await occurrenceOf(rig, astrid, series, 1);
    await change(rig, astrid, second, at('@webex:onetime'));
    const hints = [series, second].map(({ id: eventId }) => {
      return { subscriptionId: '', mailboxId, eventId, changeType: 'updated', etag: String(made) } as const;
    });
    await acceptHints(rig.deps, hints);
    await rig.settled();
    assert.equal((await meetings(rig)).length, made);
  }
});
