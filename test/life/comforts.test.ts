import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Agent, request } from 'undici';
import { type Account, type Answer, Installation } from '../system/installation.ts';
import { Outlook } from '../system/outlook.ts';
import { WebexApp } from '../system/webex-app.ts';

const DAY_MS = 86_400_000;
const FORM = 'application/x-www-form-urlencoded';

describe('the comforts of the first day, with a certificate in place of the secret', () => {
  let installation: Installation;
  let outlook: Outlook;

  before(async () => {
    installation = await Installation.start('--credential', 'certificate');
    outlook = await Outlook.signIn(installation);
  });
  after(() => installation.stop());

  const account = (n: number): Account => {
    const found = installation.facts.users[n];
    assert.ok(found);
    return found;
  };
  const admin = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
    installation.call(method, `${installation.facts.adminUrl}${path}`, headers, body);
  const submit = (path: string, fields: Record<string, string>): Promise<Answer> => {
    const headers = { 'content-type': FORM, origin: installation.facts.adminUrl };
    return admin('POST', path, headers, new URLSearchParams(fields).toString());
  };
  const cookieOf = (answer: Answer) => String(answer.headers['set-cookie'] ?? '').split(';')[0] ?? '';
  const command = (...argv: string[]) => {
    const config = join(installation.facts.applianceDir, 'appliance.config.toml');
    return Installation.run(...argv, '--config', config);
  };

  test('the appliance has no secret, only a certificate and its key, and does its work', async () => {
    const secrets = join(installation.facts.applianceDir, 'secrets');
    const names = readdirSync(secrets).filter((name) => name.startsWith('graph-'));
    assert.deepEqual(names.sort(), ['graph-client-cert.pem', 'graph-client-key.pem']);
    assert.equal(statSync(join(secrets, 'graph-client-key.pem')).mode & 0o777, 0o600);
    await outlook.book(account(0), { subject: 'Certified' });
    const app = new WebexApp(installation, account(0));
    await installation.until(async () => (await app.meetings()).some((one) => one.subject === 'Certified'));
  });

  test('health and metrics tell what is, without any address', async () => {
    const health = await admin('GET', '/healthz?verbose');
    assert.equal(health.status, 200);
    assert.equal(health.headers['content-type'], 'application/health+json');
    assert.equal(health.json.status, 'operational');
    assert.deepEqual(health.json.mailboxes, { activated: 11 });
    assert.equal(health.json.version, undefined);
    const { text } = await admin('GET', '/metrics');
    const value = (name: string) => Number(new RegExp(`^appliance_${name} (\\S+)$`, 'm').exec(text)?.[1]);
    assert.equal(value('health_state'), 0);
    assert.equal(value('mailboxes{state="activated"}'), 11);
    assert.ok(value('upstream_requests_total{upstream="graph",code_class="2xx"}') > 11);
    assert.ok(value('notification_response_seconds_count') >= 1);
    assert.ok(value('event_to_push_seconds_count') >= 1);
    assert.ok(value('job_attempts_total{kind="deliver",outcome="done"}') >= 1);
    assert.ok(value('secret_expiry_timestamp_seconds{secret="graph.client_certificate_file"}') > 2e9);
    assert.ok(value('certificate_expiry_timestamp_seconds{listener="public"}') > 2e9);
    assert.ok(value('subscription_earliest_expiry_timestamp_seconds') > Date.now() / 1000);
    assert.ok(value('db_size_bytes') >= 4096 && value('disk_free_bytes') > 0);
    assert.match(
      text,
      /^appliance_build_info\{version="[\d.]+",commit="[0-9a-z-]+",node="26\.[\d.]+",sqlite="3\.[\d.]+"/m,
    );
    for (const { address } of installation.facts.users)
      assert.ok(!`${health.text}${text}`.includes(address.split('@')[0] ?? ''));
  });

  test('the status command agrees with the page', async () => {
    const { code, stdout, stderr } = await command('status');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^Operational: All 11 mailboxes are watched\n/);
    assert.equal(JSON.parse((await command('status', '--json')).stdout).status, 'operational');
  });

  test('a set-up link makes an administrator, is gone afterwards and stands in no file', async () => {
    const refused = await command('setup', 'link', '--output', join(installation.directory, 'no.txt'));
    assert.equal(refused.code, 1);
    const file = join(installation.directory, 'link.txt');
    assert.equal((await command('setup', 'link', '--reset', '--output', file)).code, 0);
    const url = new URL(readFileSync(file, 'utf8').trim());
    assert.equal(url.origin, installation.facts.adminUrl);
    const code = url.hash.slice(1);
    const password = 'purple rain on tin roofs';
    const answer = await submit('/setup', { code, name: 'Ada', password, again: password });
    assert.equal(answer.status, 303, answer.text);
    const page = await admin('GET', '/', { cookie: cookieOf(answer) });
    assert.match(page.text, /Signed in as Ada/);
    assert.equal((await submit('/sign-in', { name: 'Ada', password })).status, 303);
    const again = await submit('/setup', { code, name: 'Mallory', password, again: password });
    assert.equal(again.status, 403);
    const { applianceDir } = installation.facts;
    for (const name of readdirSync(applianceDir, { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue;
      const bytes = readFileSync(join(name.parentPath, name.name));
      assert.ok(!bytes.includes(code) && !bytes.includes(password), name.name);
    }
  });

  test('an open page hears of a delivery, and does not hold up the end', async () => {
    const { user: name, password } = installation.facts.admin;
    const cookie = cookieOf(await submit('/sign-in', { name, password }));
    const agent = new Agent({ connect: { ca: readFileSync(installation.facts.caFile, 'utf8') } });
    const stream = await request(`${installation.facts.adminUrl}/events?mark=stale`, {
      headers: { cookie },
      dispatcher: agent,
    });
    assert.equal(stream.headers['content-type'], 'text/event-stream; charset=utf-8');
    let heard = '';
    const ended = (async () => {
      for await (const part of stream.body) heard += String(part);
    })();
    await installation.until(() => heard.includes('event: status'));
    heard = '';
    await outlook.book(account(3), { subject: 'Pushed' });
    await installation.until(() => /Meetings listed<\/dt><dd>2</.test(heard));
    const pid = installation.facts.appliancePid;
    const began = performance.now();
    process.kill(pid, 'SIGTERM');
    await ended;
    await installation.until(() => !isAlive(pid));
    assert.ok(performance.now() - began < 4_000, 'without ending the stream it would take 5 s');
    await agent.close();
    await installation.until(() => installation.facts.ready && installation.facts.appliancePid !== pid);
  });

  test('the end of the certificate is announced 30 days before', async () => {
    await installation.control('/clock', { jumpMs: 3650 * DAY_MS - 20 * DAY_MS });
    await installation.until(async () => {
      const { json } = await admin('GET', '/healthz?verbose');
      return json.alarms.some(
        (alarm: { id: string; reason: string }) =>
          alarm.id === 'credential-expiring' && alarm.reason === 'CERTIFICATE_ENDS_IN_30_DAYS',
      );
    });
    const { code, stdout } = await command('status');
    assert.ok(code !== 0);
    assert.match(stdout, /The certificate for Microsoft 365 ends soon/);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
