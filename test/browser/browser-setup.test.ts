import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../browser.ts';
import { makeTestTls } from '../net/test-certificate.ts';
import { type AdminRig, openAdmin } from '../web/web-rig.ts';

let browser: Browser;
let axe: string;

before(async () => {
  browser = await openBrowser();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});
after(() => browser?.close());

const PASSWORD = 'purple rain on tin roofs';

async function newPage(o: { scheme?: 'light' | 'dark'; script?: boolean } = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: o.scheme ?? 'light',
    javaScriptEnabled: o.script ?? true,
    ignoreHTTPSErrors: true,
  });
  return await context.newPage();
}

/** The code of a link on an appliance that has no administrator yet. */
function firstCode(rig: AdminRig): string {
  rig.admins.clear();
  return rig.setupLinks.make(false) ?? '';
}

async function fill(page: Page, again = PASSWORD): Promise<void> {
  await page.getByLabel('Name').fill('Ada');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password again').fill(again);
  await page.getByRole('button', { name: 'Set up and sign in' }).click();
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found: { id: string; nodes: { html: string }[] }[] = await page.evaluate(
    'axe.run().then((result) => result.violations)',
  );
  return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
}

test('the link leads to the status page, and its code goes nowhere but into the form', async () => {
  await using rig = await openAdmin(await makeTestTls());
  const code = firstCode(rig);
  const page = await newPage();
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.url()} ${JSON.stringify(request.headers())}`));
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(`${rig.listening.url}/setup#${code}`);
  assert.equal(page.url(), `${rig.listening.url}/setup`);
  assert.equal(await page.getByLabel('Set-up code').isVisible(), false);
  await fill(page);
  await page.getByRole('heading', { name: 'Mailboxes' }).waitFor();
  await page.goBack();
  assert.equal(page.url(), `${rig.listening.url}/setup`);
  assert.ok(sent.length > 4 && sent.every((line) => !line.includes(code)));
  assert.deepEqual(complaints, []);
  assert.equal(rig.admins.has('Ada'), true);
  await page.context().close();
});

test('a mistake is told and the code stays; without script the code is typed', async () => {
  await using rig = await openAdmin(await makeTestTls());
  const code = firstCode(rig);
  const page = await newPage({ script: false });
  await page.goto(`${rig.listening.url}/setup`);
  await page.getByLabel('Set-up code').fill(code);
  await fill(page, 'something else entirely');
  await page.getByText('The two passwords differ.').waitFor();
  assert.equal(await page.getByLabel('Set-up code').isVisible(), false);
  assert.equal(await page.getByLabel('Name').inputValue(), 'Ada');
  await fill(page);
  await page.getByRole('heading', { name: 'Mailboxes' }).waitFor();
  await page.context().close();
});

test('no accessibility violation in light and in dark, fresh, with a mistake and with a dead link', async () => {
  await using rig = await openAdmin(await makeTestTls());
  const code = firstCode(rig);
  for (const scheme of ['light', 'dark'] as const) {
    const page = await newPage({ scheme });
    await page.goto(`${rig.listening.url}/sign-in`);
    await page.getByText('There is no administrator yet.').waitFor();
    assert.deepEqual(await violations(page), [], `no administrator, ${scheme}`);
    await page.goto(`${rig.listening.url}/setup#${code}`);
    assert.deepEqual(await violations(page), [], `fresh, ${scheme}`);
    await fill(page, 'something else entirely');
    await page.getByText('The two passwords differ.').waitFor();
    assert.deepEqual(await violations(page), [], `mistake, ${scheme}`);
    await page.goto(`${rig.listening.url}/setup#dead`);
    await fill(page);
    await page.getByText('This set-up link is not valid any more.').waitFor();
    assert.equal(await page.getByLabel('Set-up code').isVisible(), true);
    assert.deepEqual(await violations(page), [], `dead link, ${scheme}`);
    await page.context().close();
  }
});
