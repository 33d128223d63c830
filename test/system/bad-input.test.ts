import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Administrator } from './administrator.ts';
import { type Account, type Answer, Installation } from './installation.ts';
import { Outlook } from './outlook.ts';
import { WebexApp } from './webex-app.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('what comes from outside and is not right', () => {
  let installation: Installation;
  let outlook: Outlook;
  let administrator: Administrator;

  before(async () => {
    installation = await Installation.start();
    outlook = await Outlook.signIn(installation);
    administrator = new Administrator(installation);
  });
  after(() => installation.stop());

  const account = (n: number): Account => {
    const found = installation.facts.users[n];
    assert.ok(found);
    return found;
  };
  const shows = async (n: number, subject: string) =>
    (await new WebexApp(installation, account(n)).meetings()).some((meeting) => meeting.subject === subject);
  const untilAlarm = (reason: string) =>
    installation.until(async () => (await administrator.statusPage()).includes(reason));

  const notify = (body: string, headers: Record<string, string> = JSON_TYPE): Promise<Answer> =>
    installation.call('POST', `${installation.facts.publicUrl}/graph/notifications`, headers, body);
  const item = (subscriptionId: string, clientState: string) =>
    JSON.stringify({
      value: [
        {
          subscriptionId,
          clientState,
          tenantId: installation.facts.tenantId,
          changeType: 'updated',
          resource: 'Users/x/Events/forged-event',
          resourceData: { id: 'forged-event' },
        },
      ],
    });
  const rowsLeft = () =>
    ['inbox', 'jobs'].map(
      (table) => administrator.rows(`SELECT 1 FROM ${table} WHERE event_id = 'forged-event'`).length,
    );

  test('forged and unknown notifications are answered like good ones and leave no row', async () => {
    const [known] = administrator.rows('SELECT id FROM subscriptions LIMIT 1');
    const forged = await notify(item(String(known?.id), 'guessed'));
    const unknown = await notify(item('00000000-0000-0000-0000-000000000000', 'guessed'));
    const comparable = ({ status, text, headers }: Answer) => ({
      status,
      text,
      headers: { ...headers, date: '' },
    });
    assert.equal(forged.status, 202);
    assert.deepEqual(comparable(forged), comparable(unknown), 'no oracle');
    assert.deepEqual(rowsLeft(), [0, 0]);
    await installation.until(() =>
      ['wrong-client-state', 'unknown-subscription'].every((result) =>
        installation.output.some((line) => line.includes(`result ${result}`)),
      ),
    );
  });

  test('malformed and oversized ones are refused, and the listener goes on', async () => {
    assert.equal((await notify('{"value":')).status, 400);
    assert.equal((await notify('[]')).status, 400);
    assert.equal((await notify('{"value":[]}', { 'content-type': 'text/html' })).status, 400);
    assert.equal((await notify(`{"value":${'['.repeat(5_000)}${']'.repeat(5_000)}}`)).status, 400);
    assert.equal((await notify(JSON.stringify({ value: ['x'.repeat(2_000_000)] }))).status, 413);
    assert.equal((await notify('{"value":[]}')).status, 202);
  });

  test('an event that can’t be read is buried with its reason and the others go on', async () => {
    const id = await outlook.book(account(0), { subject: 'Damaged' });
    await installation.until(() => shows(0, 'Damaged'));
    await installation.control('/graph/mangle', { mailbox: account(0).entraId, eventId: id });
    await installation.control('/graph/renotify', { mailbox: account(0).entraId, eventId: id, times: 1 });
    await outlook.change(account(0), id, { subject: 'Unreadable now' });
    await outlook.book(account(0), { subject: 'Sound' });
    await installation.until(() => shows(0, 'Sound'));
    const dead = () =>
      administrator.rows("SELECT reason FROM jobs WHERE state = 'dead' AND event_id = ?", id);
    await installation.until(() => dead().length > 0);
    assert.equal(dead()[0]?.reason, 'UNPARSABLE_EVENT');
    await untilAlarm('UNPARSABLE_EVENT');
  });

  const forgeries = [
    ['wrong-chain', 'KMS_CERTIFICATE_CHAIN'],
    ['wrong-signer', 'KMS_ANSWER_TAMPERED'],
    ['tamper-answers', 'KMS_ANSWER_TAMPERED'],
  ] as const;
  for (const [n, [kind, reason]] of forgeries.entries()) {
    test(`a KMS with ${kind} is refused with an alarm, nothing is sealed, and all of it follows later`, async () => {
      const subject = `Sealed after ${kind}`;
      const sealed = () =>
        administrator.rows('SELECT mailbox_id, event_id, version FROM meetings ORDER BY 1, 2');
      await installation.control('/kms/fault', { kind });
      await installation.restartAppliance();
      const before = sealed();
      const id = await outlook.book(account(n + 1), { subject });
      await untilAlarm(reason);
      assert.match(await administrator.statusPage(), /could not prove its identity/);
      await installation.until(
        () => administrator.rows('SELECT 1 FROM jobs WHERE event_id = ?', id).length > 0,
      );
      assert.deepEqual(sealed(), before, 'nothing was sealed');
      await installation.control('/kms/fault', { kind: 'none' });
      await installation.until(() => shows(n + 1, subject), 90_000);
      await installation.until(async () => !(await administrator.statusPage()).includes(reason));
    });
  }

  test('a second staging on the same directory says so and leaves the first alone', async () => {
    const second = await Installation.run('staging', '--data-dir', installation.directory);
    assert.equal(second.code, 1);
    assert.match(second.stderr, /another staging is already running in .*--data-dir/);
    assert.equal(installation.exitCode, null);
  });

  test('a second appliance on the same data directory ends with 75 and one sentence', async () => {
    const config = `${installation.facts.applianceDir}/appliance.config.toml`;
    const second = await Installation.run('run', '--config', config);
    assert.equal(second.code, 75);
    assert.match(
      second.stderr,
      /^hybrid-calendar: Another instance is already running on the data directory .*\n$/,
    );
  });

  test('a staging whose appliance refuses to start ends and says why', async () => {
    const options = ['--admin-port', '0', '--public-port', '0', '--cloud-port', '0'];
    const directory = `${installation.directory}-refused`;
    const refused = await Installation.run(
      'staging',
      '--data-dir',
      directory,
      '--field-encryption',
      'ROT13',
      ...options,
    );
    assert.equal(refused.code, 1);
    assert.match(
      refused.stdout,
      /appliance\.config\.toml:\d+: webex\.field_encryption .*Allowed: "A256GCM", "XC20P"/,
    );
    assert.match(refused.stderr, /exit code 78/);
    rmSync(directory, { recursive: true });
  });
});
