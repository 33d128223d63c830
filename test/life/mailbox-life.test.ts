import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Account, Installation } from '../system/installation.ts';
import { Outlook } from '../system/outlook.ts';
import { WebexApp } from '../system/webex-app.ts';

describe('the life of a mailbox', () => {
  let installation: Installation;
  let outlook: Outlook;

  before(async () => {
    installation = await Installation.start();
    outlook = await Outlook.signIn(installation);
  });
  after(() => installation.stop());

  const account = (n: number): Account => {
    const found = installation.facts.users[n];
    assert.ok(found);
    return found;
  };
  const command = async (...argv: string[]) => {
    const config = join(installation.facts.applianceDir, 'appliance.config.toml');
    const { code, stdout, stderr } = await Installation.run('mailbox', ...argv, '--config', config);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const mailbox = async ({ address }: Account) =>
    JSON.parse(await command('list', '--json')).mailboxes.find(
      (one: { address: string }) => one.address === address,
    );
  const order = (state: object) =>
    installation.call(
      'PUT',
      `${installation.facts.controlUrl}/graph/mailbox-state`,
      { 'content-type': 'application/json' },
      JSON.stringify(state),
    );

  test('out of scope stops this mailbox alone, is told with who acts, and ends with a retry (promise 15)', async () => {
    assert.equal((await order({ mailbox: account(3).address, state: 'out-of-scope' })).status, 204);
    const subject = 'Out of scope';
    await outlook.book(account(3), { subject, attendees: [account(4)] });
    await installation.until(async () => (await mailbox(account(3))).state === 'out-of-scope');
    const other = new WebexApp(installation, account(4));
    await installation.until(async () => (await other.meetings()).some((one) => one.subject === subject));
    assert.equal((await order({ mailbox: account(3).address, state: 'ok' })).status, 204);
    await command('retry', account(3).address);
    await installation.until(async () => (await mailbox(account(3))).state === 'activated');
    const app = new WebexApp(installation, account(3));
    await installation.until(async () =>
      (await app.meetings()).some((one) => one.subject === subject && one.joinUrl !== undefined),
    );
  });

  test('a removed mailbox leaves no subscription, no item and no reader', async () => {
    const { applianceDir } = installation.facts;
    const clientSecret = readFileSync(
      join(applianceDir, 'secrets', 'graph-client-secret.txt'),
      'utf8',
    ).trim();
    const toml = readFileSync(join(applianceDir, 'appliance.config.toml'), 'utf8');
    const clientId = /^client_id = "(.+)"$/m.exec(toml)?.[1] ?? '';
    const appliance = await Outlook.signIn(installation, { clientId, clientSecret });
    const subscriptions = async () => {
      const { json } = await appliance.graph('GET', '/subscriptions');
      return json.value.filter((one: { resource: string }) => one.resource.includes(account(5).entraId))
        .length;
    };
    assert.equal(await subscriptions(), 1);
    await outlook.book(account(5), { subject: 'Forget me' });
    const app = new WebexApp(installation, account(5));
    await installation.until(async () => (await app.list()).length === 1);
    const [item] = await app.list();
    const key: string = item.encryptionKeyUrl;
    await app.key(key);
    await command('remove', account(5).address);
    await installation.until(async () => (await mailbox(account(5))) === undefined);
    assert.equal(await subscriptions(), 0);
    assert.deepEqual(await app.list(), []);
    await assert.rejects(new WebexApp(installation, account(5)).key(key), /KMS refuses .* 403/);
    await command('add', account(5).address);
    await installation.until(async () => (await mailbox(account(5))).state === 'activated');
    await installation.until(async () => (await app.list()).length === 1);
  });
});
