import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TraceLine } from '../../src/domain/trace.ts';
import { openFakeAppliance, start } from './fake-appliance.ts';

const AT = Date.UTC(2026, 11, 1, 10);
const LINES: readonly TraceLine[] = [
  { at: AT - 60_000, mailboxId: 1, eventId: 'AAMk-long-id-of-an-event', startAt: AT, code: 'LISTED' },
  {
    at: AT - 60_000,
    mailboxId: 1,
    eventId: 'AAMk-long-id-of-an-event',
    startAt: AT,
    code: 'JOIN_TARGET zoom body ONLY_CANDIDATE',
  },
  { at: AT - 50_000, mailboxId: 1, eventId: 'AAMk-another', startAt: null, code: 'DRAFT' },
];

test('the decisions on a mailbox’s events are told event by event', async (t) => {
  const asked: unknown[] = [];
  const folder = await openFakeAppliance(t, {
    traces: async (address, at) => {
      asked.push([address, at]);
      return LINES;
    },
  });
  const { code, stdout, stderr } = await start(folder, [
    'trace',
    'ada@nordwind.example',
    '--at',
    '2026-12-01T10:00:00Z',
  ]);
  assert.deepEqual([code, stderr], [0, '']);
  assert.deepEqual(asked, [['ada@nordwind.example', AT]]);
  assert.equal(
    stdout,
    `Event …-of-an-event, begins 2026-12-01 10:00 UTC
  2026-12-01 09:59 UTC  LISTED: the meeting stands in the list
  2026-12-01 09:59 UTC  JOIN_TARGET zoom body ONLY_CANDIDATE: the Join button leads there: provider, where it stood, why it won

Event …AAMk-another
  2026-12-01 09:59 UTC  DRAFT: it was not sent yet
`,
  );
  const { stdout: json } = await start(folder, ['trace', 'ada@nordwind.example', '--json']);
  assert.equal(JSON.parse(json).traces[1].code, 'JOIN_TARGET zoom body ONLY_CANDIDATE');
});

test('what a room’s administrator has to run is told with the room’s own address', async (t) => {
  const folder = await openFakeAppliance(t, {
    traces: async () => [{ at: AT, mailboxId: 1, eventId: 'AAMk', startAt: AT, code: 'BODY_STRIPPED' }],
  });
  const { stdout } = await start(folder, ['trace', 'aurora@nordwind.example']);
  assert.match(
    stdout,
    /BODY_STRIPPED: .*"Set-CalendarProcessing -Identity aurora@nordwind\.example -DeleteComments \$false -DeleteSubject \$false /,
  );
  const odd = await start(folder, ['trace', "o'hara@nordwind.example"]);
  assert.ok(odd.stdout.includes("-Identity 'o''hara@nordwind.example' "));
});

test('a mailbox that is not enabled and a time that is none are refused', async (t) => {
  const folder = await openFakeAppliance(t, { traces: async () => null });
  const unknown = await start(folder, ['trace', 'eve@nordwind.example']);
  assert.deepEqual(
    [unknown.code, unknown.stderr],
    [1, 'hybrid-calendar: No mailbox with this address is enabled.\n'],
  );
  const time = await start(folder, ['trace', 'eve@nordwind.example', '--at', 'noon']);
  assert.equal(time.code, 2);
  assert.match(time.stderr, /--at wants a time such as 2026-12-01T10:00:00Z/);
});

test('nothing to tell is said', async (t) => {
  const folder = await openFakeAppliance(t);
  assert.equal(
    (await start(folder, ['trace', 'ada@nordwind.example'])).stdout,
    'Nothing was decided on such an event.\n',
  );
});
