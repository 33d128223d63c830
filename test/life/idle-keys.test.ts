import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Administrator } from '../system/administrator.ts';
import { type Account, Installation } from '../system/installation.ts';
import { Outlook } from '../system/outlook.ts';
import { WebexApp } from '../system/webex-app.ts';

const DAY_MS = 24 * 3_600_000;
const SUBJECT = 'Ninety days in the field';

let installation: Installation;
let administrator: Administrator;

before(async () => {
  installation = await Installation.start();
  administrator = new Administrator(installation);
});
after(() => installation.stop());

function account(n: number): Account {
  const found = installation.facts.users[n];
  assert.ok(found);
  return found;
}

async function rotate(): Promise<void> {
  // A key of the same second is no older than the order.
  await installation.control('/clock', { jumpMs: 1_000 });
  const config = join(installation.facts.applianceDir, 'appliance.config.toml');
  const { code, stderr } = await Installation.run('keys', 'rotate', '--config', config);
  assert.equal(code, 0, stderr);
}

/** Keys of a person as the rows tell, the oldest first. */
function keysOf({ entraId }: Account): string[] {
  const sql =
    'SELECT uri FROM keys WHERE mailbox_id = (SELECT id FROM mailboxes WHERE guid = ?) ORDER BY created_at';
  return administrator.rows(sql, entraId).map(({ uri }) => String(uri));
}

test('a key that nothing is under loses its readers after 39 days; an item in a list is read as before', async () => {
  const outlook = await Outlook.signIn(installation);
  const [lasting, idle] = [account(2), account(3)];
  const id = await outlook.book(lasting, { subject: SUBJECT, location: 'Far away' });
  const dateTime = new Date(Date.now() + 90 * DAY_MS).toISOString().slice(0, 19);
  await outlook.change(lasting, id, { end: { dateTime, timeZone: 'UTC' } });
  const item = async () =>
    (await new WebexApp(installation, lasting).list()).find((one) => one.durationMinutes > 100_000);
  await installation.until(async () => (await item()) !== undefined);
  const [kept = ''] = keysOf(lasting);
  const [lost = ''] = keysOf(idle);
  assert.equal((await item()).encryptionKeyUrl, kept);
  await new WebexApp(installation, idle).key(lost);
  await rotate();
  await installation.until(() => keysOf(lasting).length === 2 && keysOf(idle).length === 2);
  await installation.control('/clock', { jumpMs: 41 * DAY_MS });
  await installation.until(() => !keysOf(idle).includes(lost), 60_000);
  await assert.rejects(new WebexApp(installation, idle).key(lost), /KMS refuses .* 403/);
  assert.ok(keysOf(lasting).includes(kept));
  const app = new WebexApp(installation, lasting);
  const shown = await app.open(await item());
  assert.equal(shown.subject, SUBJECT);
});
