import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFakeAppliance, start } from './fake-appliance.ts';

test('resync tells how it goes on until it is done', async (t) => {
  const asked: (string | null)[] = [];
  const left = [
    { mailboxes: 3, resting: 0, meetings: 0 },
    { mailboxes: 2, resting: 0, meetings: 40 },
    { mailboxes: 0, resting: 0, meetings: 0 },
  ];
  const folder = await openFakeAppliance(t, {
    resyncMailbox: async (address) => asked.push(address) > 0,
    resyncProgress: () => left.shift() ?? { mailboxes: 0, resting: 0, meetings: 0 },
  });
  const { code, stdout, stderr } = await start(folder, ['mailbox', 'resync', '--all']);
  assert.deepEqual([code, stderr, asked], [0, '', [null]]);
  assert.equal(
    stdout,
    `3 mailboxes to go, 0 meetings of those begun
2 mailboxes to go, 40 meetings of those begun
Done: read and delivered anew.
`,
  );
  const one = await start(folder, ['mailbox', 'resync', 'ada@nordwind.example', '--no-wait']);
  assert.deepEqual([one.code, one.stdout], [0, 'ada@nordwind.example is read and delivered anew.\n']);
  assert.deepEqual(asked, [null, 'ada@nordwind.example']);
});

test('resync says what can’t be reached, and is not fine then', async (t) => {
  const folder = await openFakeAppliance(t, {
    resyncProgress: () => ({ mailboxes: 2, resting: 2, meetings: 5 }),
  });
  const { code, stdout } = await start(folder, ['mailbox', 'resync', '--all']);
  assert.equal(code, 1);
  assert.match(stdout, /2 mailboxes that can’t be reached now/);
});

test('resync wants either addresses or --all', async (t) => {
  const folder = await openFakeAppliance(t);
  for (const argv of [[], ['ada@nordwind.example', '--all']]) {
    const { code, stderr } = await start(folder, ['mailbox', 'resync', ...argv]);
    assert.equal(code, 2);
    assert.match(stderr, /resync takes addresses, or --all/);
  }
});

test('set gives mailboxes a reminder time of their own, and takes it back', async (t) => {
  const asked: unknown[] = [];
  const folder = await openFakeAppliance(t, {
    setReminderLead: async (...order) => asked.push(order) > 0,
  });
  const set = (...lead: string[]) => start(folder, ['mailbox', 'set', 'ada@nordwind.example', ...lead]);
  const { code, stdout } = await set('--reminder-lead', '10');
  assert.deepEqual(
    [code, stdout],
    [0, 'ada@nordwind.example: the Join button comes up 10 minutes before the start.\n'],
  );
  await set('--reminder-lead', '0m');
  await set('--reminder-lead', 'default');
  assert.deepEqual(asked, [
    ['ada@nordwind.example', 600_000],
    ['ada@nordwind.example', 0],
    ['ada@nordwind.example', null],
  ]);
  for (const wrong of ['31', '-1', '5s', '1.5', 'soon', '']) {
    const refused = await set(`--reminder-lead=${wrong}`);
    assert.equal(refused.code, 2, wrong);
    assert.match(refused.stderr, /wants minutes from 0 to 30/);
  }
  assert.match((await set()).stderr, /what to set is missing: --reminder-lead/);
});
