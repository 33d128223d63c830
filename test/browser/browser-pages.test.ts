import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../browser.ts';
import { makeTestTls } from '../net/test-certificate.ts';
import { HEALTHY, NOW, TROUBLED } from '../web/status-samples.ts';
import { type AdminRig, openAdmin, PASSWORD } from '../web/web-rig.ts';

let browser: Browser;
let axe: string;

before(async () => {
  browser = await openBrowser();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});
after(() => browser?.close());

/** The page's own rhythm. */
const REFRESH_MS = 4000;
const HOUR = 3_600_000;

type Scheme = 'light' | 'dark';

async function openPage(
  rig: AdminRig,
  o: { scheme?: Scheme; script?: boolean; clock?: boolean } = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: o.scheme ?? 'light',
    javaScriptEnabled: o.script ?? true,
    ignoreHTTPSErrors: true,
  });
  // Then the page's timers run only when the test turns them.
  if (o.clock === true) await context.clock.install();
  const page = await context.newPage();
  await page.goto(`${rig.listening.url}/`);
  return page;
}

async function signInBy(page: Page): Promise<void> {
  await page.getByLabel('Name').fill('ops');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Mailboxes' }).waitFor();
}

/** What axe objects to; it is brought in by the debugger, past the page's own policy. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found: { id: string; nodes: { html: string }[] }[] = await page.evaluate(
    'axe.run().then((result) => result.violations)',
  );
  return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
}

test('the pages have no accessibility violation in light and in dark', async () => {
  const tls = await makeTestTls();
  for (const scheme of ['light', 'dark'] as const) {
    await using rig = await openAdmin(tls);
    rig.facts = TROUBLED;
    const page = await openPage(rig, { scheme });
    assert.deepEqual(await violations(page), [], `sign-in, ${scheme}`);
    await signInBy(page);
    assert.deepEqual(await violations(page), [], `status, ${scheme}`);
    await page.getByRole('link', { name: 'Explain an invitation' }).click();
    await page
      .getByLabel('Invitation', { exact: true })
      .fill('<a href="https://zoom.us/j/812345678">a</a> https://zoom.us/u/b');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByRole('heading', { name: 'How it is joined' }).waitFor();
    assert.deepEqual(await violations(page), [], `explain, ${scheme}`);
    await page.goto(`${rig.listening.url}/egress`);
    assert.deepEqual(await violations(page), [], `egress, ${scheme}`);
    await page.goto(`${rig.listening.url}/audit`);
    assert.deepEqual(await violations(page), [], `audit, ${scheme}`);
    await page.context().close();
  }
});

test('the page fits 1280×800, breaks no rule of its own policy and signs out', async () => {
  await using rig = await openAdmin(await makeTestTls());
  const page = await openPage(rig);
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await signInBy(page);
  const height = await page.evaluate('document.documentElement.scrollHeight');
  assert.equal(height, 800);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Password').waitFor();
  assert.equal(rig.rows.size, 0);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the page shows a change as soon as it is pushed, and only what differs moves', async () => {
  await using rig = await openAdmin(await makeTestTls());
  const page = await openPage(rig);
  await signInBy(page);
  await page.getByText('Operational').waitFor();
  await page.evaluate('window.kept = document.querySelector("#mailboxes table")');
  rig.facts = { ...TROUBLED, mailboxes: HEALTHY.mailboxes };
  await rig.pace.turn();
  await page.getByRole('heading', { name: 'The key management server does not answer' }).waitFor();
  assert.equal(await page.title(), 'Outage · Hybrid Calendar');
  assert.equal(await page.locator('#sign .bad').count(), 1);
  assert.equal(await page.evaluate('window.kept.isConnected'), true);
  assert.equal(await page.locator('#deliveries tr').count(), 12);
  rig.facts = HEALTHY;
  await rig.pace.turn();
  await page.getByText('Operational').waitFor();
  assert.equal(await page.locator('#alarms').isVisible(), false);
  await page.context().close();
});

test('the times on the page grow by the appliance’s clock while nothing happens', async () => {
  await using rig = await openAdmin(await makeTestTls());
  const [delivery, mailbox] = [HEALTHY.deliveries[0], HEALTHY.mailboxes[0]];
  assert.ok(delivery !== undefined && mailbox !== undefined);
  rig.facts = {
    ...HEALTHY,
    startedAt: NOW - 4 * HOUR + 10_000,
    deliveries: [{ ...delivery, at: NOW - HOUR + 10_000 }],
    mailboxes: [{ ...mailbox, subscriptionExpiresAt: NOW + 30 * HOUR + 10_000 }],
  };
  const page = await openPage(rig, { clock: true });
  await signInBy(page);
  const texts = async () => ({
    delivered: await page.locator('#deliveries time').textContent(),
    running: (await page.locator('#since').textContent())?.split(' · ')[0],
    expires: await page.locator('#mailboxes time').textContent(),
  });
  assert.deepEqual(await texts(), {
    delivered: '59 min ago',
    running: 'Running for 3 h 59 min',
    expires: 'in 1 d 6 h',
  });
  await page.clock.runFor(20_000);
  const later = { delivered: '1 h ago', running: 'Running for 4 h', expires: 'in 1 d 5 h' };
  assert.deepEqual(await texts(), later);
  // The clock over there was put forward; the next beat tells.
  await rig.pace.rest();
  rig.clock.advance(HOUR / 3);
  await rig.pace.turn();
  await page.getByText('1 h 19 min ago').waitFor();
  await page.context().close();
});

test('where nothing can be pushed the page asks by itself, and says when the appliance is gone', async () => {
  await using rig = await openAdmin(await makeTestTls());
  const page = await openPage(rig, { clock: true });
  const offline = page.getByText('The appliance does not answer.');
  await page.route('**/events*', (route) => route.abort());
  await signInBy(page);
  rig.facts = TROUBLED;
  await page.clock.runFor(REFRESH_MS);
  await page.getByRole('heading', { name: 'The key management server does not answer' }).waitFor();
  rig.facts = HEALTHY;
  await page.route('**/status-fragment', (route) => route.abort());
  await page.clock.runFor(REFRESH_MS);
  await offline.waitFor();
  assert.equal(await page.locator('main.stale').count(), 1);
  await page.unroute('**/status-fragment');
  await page.unroute('**/events*');
  await page.clock.runFor(REFRESH_MS);
  await offline.waitFor({ state: 'hidden' });
  await page.getByText('Operational').waitFor();
  // From then on it is pushed again.
  rig.facts = TROUBLED;
  await rig.pace.turn();
  await page.getByRole('heading', { name: 'The key management server does not answer' }).waitFor();
  await page.context().close();
});

test('a stream that fell silent is given up for asking', async () => {
  await using rig = await openAdmin(await makeTestTls());
  const page = await openPage(rig, { clock: true });
  await signInBy(page);
  await rig.pace.rest();
  rig.facts = TROUBLED;
  // The feed never looks: as if the line were dead, though nobody closed it.
  await page.clock.runFor(30_000);
  assert.equal(await page.getByText('Operational').isVisible(), true);
  await page.clock.runFor(15_000);
  await page.getByRole('heading', { name: 'The key management server does not answer' }).waitFor();
  await page.context().close();
});

test('the page goes to the sign-in when its session has ended', async () => {
  await using rig = await openAdmin(await makeTestTls());
  const page = await openPage(rig, { clock: true });
  await signInBy(page);
  await rig.pace.rest();
  rig.clock.advance(31 * 60_000);
  await rig.pace.turn();
  await page.clock.runFor(2 * REFRESH_MS);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await page.context().close();
});

test('the page is useful without script', async () => {
  await using rig = await openAdmin(await makeTestTls());
  const page = await openPage(rig, { script: false });
  await signInBy(page);
  assert.equal(await page.getByRole('table').count(), 2);
  const reload = page.locator('noscript meta[http-equiv="refresh"]');
  assert.equal(await reload.getAttribute('content'), '15');
  await page.context().close();
});
