import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFakeAppliance, start } from './fake-appliance.ts';

test('says how many invitations get their keywords back, or would', async (t) => {
  const asked: unknown[] = [];
  const folder = await openFakeAppliance(t, {
    undecorate: async (address, dryRun) => {
      asked.push([address, dryRun]);
      return 12;
    },
  });
  const dry = await start(folder, ['undecorate', '--dry-run']);
  assert.deepEqual([dry.code, dry.stderr], [0, '']);
  assert.equal(dry.stdout, '12 invitations to come hold join details of ours.\n');
  const one = await start(folder, ['undecorate', '--mailbox', 'ada@nordwind.example']);
  assert.match(one.stdout, /^12 invitations get their keywords back; each mails its attendees once\./);
  assert.deepEqual(asked, [
    [null, true],
    ['ada@nordwind.example', false],
  ]);
});

test('refuses a mailbox that is not enabled, and words that it does not know', async (t) => {
  const folder = await openFakeAppliance(t, { undecorate: async () => null });
  const unknown = await start(folder, ['undecorate', '--mailbox', 'eve@nordwind.example']);
  assert.deepEqual(
    [unknown.code, unknown.stderr],
    [1, 'hybrid-calendar: No mailbox with this address is enabled.\n'],
  );
  const more = await start(folder, ['undecorate', 'eve@nordwind.example']);
  assert.equal(more.code, 2);
  assert.match(more.stderr, /did you mean --mailbox\?/);
});
