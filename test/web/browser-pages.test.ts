import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../browser.ts';
import { makeTestTls } from '../net/test-certificate.ts';
import { HEALTHY, TROUBLED } from './status-samples.ts';
import { type AdminRig, openAdmin, PASSWORD } from './web-rig.ts';

let browser: Browser;
let axe: string;

before(async () => {
  browser = await openBrowser();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});
after(() => browser?.close());

/** The page's own rhythm. */
const REFRESH_MS = 4000;

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

test('both pages have no accessibility violation in light and in dark', async () => {
  const tls = await makeTestTls();
  for (const scheme of ['light', 'dark'] as const) {
    await using rig = await openAdmin(tls);
    rig.facts = TROUBLED;
    const page = await openPage(rig, { scheme });
    assert.deepEqual(await violations(page), [], `sign-in, ${scheme}`);
    await signInBy(page);
    assert.deepEqual(await violations(page), [], `status, ${scheme}`);
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

test('the page follows the facts by itself and says when the appliance is gone', async () => {
  await using rig = await openAdmin(await makeTestTls());
  const page = await openPage(rig, { clock: true });
  const offline = page.getByText('The appliance does not answer.');
  await signInBy(page);
  await page.getByText('Operational').waitFor();
  rig.facts = TROUBLED;
  await page.clock.runFor(REFRESH_MS);
  await page.getByRole('heading', { name: 'The key management server does not answer' }).waitFor();
  assert.match((await page.title()).trim(), /^Outage · Hybrid Calendar$/);
  rig.facts = HEALTHY;
  await page.route('**/status-fragment', (route) => route.abort());
  await page.clock.runFor(REFRESH_MS);
  await offline.waitFor();
  await page.unroute('**/status-fragment');
  await page.clock.runFor(REFRESH_MS);
  await offline.waitFor({ state: 'hidden' });
  await page.getByText('Operational').waitFor();
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
