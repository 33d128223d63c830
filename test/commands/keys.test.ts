import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RotationOrder } from '../../src/domain/key-report.ts';
import { KEYS, KEYS_AWAY, NO_KEYS } from '../web/key-samples.ts';
import { NOW } from '../web/status-samples.ts';
import { openFakeAppliance, start } from './fake-appliance.ts';

test('the status of the keys tells counts, ages, the next rotation and its progress', async (t) => {
  const folder = await openFakeAppliance(t);
  const { code, stdout } = await start(folder, ['keys', 'status']);
  assert.equal(code, 0);
  assert.equal(
    stdout,
    `mailboxes  11 keys for sealing, 4 only for opening
           the oldest seals for 12 days, the next is made 2026-12-06 09:30 UTC
           51234 of 16777216 sealings at most under one key
directory  one key since 2026-10-14 09:30 UTC for 11 addresses; the next is made when you ask for it
rotation   asked for 2026-11-23 09:29 UTC, 7 keys left
KMS        answers
`,
  );
});

test('while the KMS is away it tells since when, why and until when keys in memory serve, and exits with 1', async (t) => {
  const folder = await openFakeAppliance(t, { keys: () => KEYS_AWAY });
  const { code, stdout } = await start(folder, ['keys', 'status']);
  assert.equal(code, 1);
  assert.ok(
    stdout.endsWith(
      `directory  one key since 2026-11-22 09:30 UTC for 11 addresses, 3 of them still under an older key; the next is made 2027-02-01 09:30 UTC
rotation   nobody has asked for one
KMS        away since 2026-11-23 09:23 UTC (KMS_UNREACHABLE); keys in memory serve until 2026-11-24 05:30 UTC, the last one until 2026-11-24 08:30 UTC
`,
    ),
    stdout,
  );
});

test('keys of mailboxes where nothing happened stop serving before the others', async (t) => {
  const old = { since: NOW - 1, reason: 'KMS_TIMEOUT', firstEndAt: NOW, lastEndAt: NOW + 7_200_000 };
  const folder = await openFakeAppliance(t, { keys: () => ({ ...KEYS, outage: old }) });
  const { code, stdout } = await start(folder, ['keys', 'status']);
  assert.equal(code, 1);
  assert.match(stdout, /; some keys in memory serve, the last one until 2026-11-23 11:30 UTC\n$/);
});

test('without any usable key it exits with 69 and says what waits', async (t) => {
  const ended = { since: NOW - 1, reason: 'KMS_TIMEOUT', firstEndAt: NOW - 2, lastEndAt: NOW };
  for (const [report, words] of [
    [NO_KEYS, 'no key is in memory: changes wait until it answers'],
    [{ ...KEYS, outage: ended }, 'no key serves any more: changes wait until it answers'],
  ] as const) {
    const folder = await openFakeAppliance(t, { keys: () => report });
    const { code, stdout } = await start(folder, ['keys', 'status']);
    assert.deepEqual([code, stdout.trimEnd().endsWith(words)], [69, true], stdout);
  }
});

test('the JSON of the status has no address and no part of a key', async (t) => {
  const folder = await openFakeAppliance(t, { keys: () => KEYS_AWAY });
  const { stdout } = await start(folder, ['keys', 'status', '--json']);
  const { time, mailboxes, directory, rotation, outage } = JSON.parse(stdout);
  assert.deepEqual(
    [time, mailboxes.retired, directory.underOlderKey, rotation],
    ['2026-11-23T09:30:12.000Z', 4, 3, null],
  );
  assert.equal(outage.lastKeyServesUntil, '2026-11-24T08:30:12.000Z');
  assert.doesNotMatch(stdout, /@|kms:\/\//);
});

test('keys are rotated in the background: all, that of one mailbox, or that of the directory', async (t) => {
  const orders: RotationOrder[] = [];
  const folder = await openFakeAppliance(t, {
    rotateKeys: async (order) => {
      orders.push(order);
      if (order.of === 'mailbox') return 'unknown';
      return orders.length === 1 ? 'asked' : 'running';
    },
  });
  const all = await start(folder, ['keys', 'rotate']);
  assert.deepEqual(
    [all.code, all.stdout],
    [
      0,
      'The rotation of all keys of mailboxes is under way; "hybrid-calendar keys status" shows how far it is.\n',
    ],
  );
  const again = await start(folder, ['keys', 'rotate', '--directory']);
  assert.match(again.stdout, /^The rotation of the directory key was under way already;/);
  const one = await start(folder, ['keys', 'rotate', '--mailbox', 'ada@example.com']);
  assert.deepEqual(
    [one.code, one.stderr],
    [1, 'hybrid-calendar: No mailbox with this address is enabled.\n'],
  );
  assert.deepEqual(orders, [
    { of: 'mailboxes' },
    { of: 'directory' },
    { of: 'mailbox', address: 'ada@example.com' },
  ]);
});

test('what is asked for wrongly is said', async (t) => {
  const folder = await openFakeAppliance(t);
  for (const [argv, words] of [
    [['keys'], 'the action is missing'],
    [['keys', 'rotate', '--mailbox', 'a@b.example', '--directory'], 'not both at once'],
    [['keys', 'status', '--directory'], 'belong to "keys rotate"'],
    [['keys', 'rotate', 'ada@example.com'], 'takes no arguments'],
  ] as const) {
    const { code, stderr } = await start(folder, argv);
    assert.deepEqual([code, stderr.includes(words)], [2, true], stderr);
  }
});
