import type { Browser, Page } from 'playwright-core';
import { Installation } from '../../test/system/installation.ts';
import { Outlook } from '../../test/system/outlook.ts';

const VIEWPORT = { width: 1280, height: 800 };

/** As many as the table of deliveries shows. */
const DELIVERIES = 11;

/** Pictures the status page of a new installation once a morning's meetings are in the lists and nothing waits. Gives back the file. */
export async function takeStatusPage(browser: Browser, file: string): Promise<string> {
  const installation = await Installation.start();
  try {
    await bookMorning(installation);
    const page = await browser.newPage({ viewport: VIEWPORT, colorScheme: 'light', ignoreHTTPSErrors: true });
    await signIn(page, installation);
    await page.locator(`#deliveries tbody tr:nth-child(${DELIVERIES})`).waitFor();
    await page.locator('#pipeline .stage.busy').first().waitFor({ state: 'detached' });
    await page.screenshot({ path: file });
    await page.close();
    return file;
  } finally {
    await installation.stop();
  }
}

/** Each of the first people invites the next one and a room. */
async function bookMorning(installation: Installation): Promise<void> {
  const outlook = await Outlook.signIn(installation);
  const { users, rooms } = installation.facts;
  for (const [n, owner] of users.slice(0, 5).entries()) {
    const attendees = [users[n + 1], rooms[n % rooms.length]].filter((one) => one !== undefined);
    await outlook.book(owner, { subject: `Meeting ${n + 1}`, attendees, inHours: n + 1 });
  }
}

async function signIn(page: Page, installation: Installation): Promise<void> {
  const { adminUrl, admin } = installation.facts;
  await page.goto(`${adminUrl}/sign-in`);
  await page.getByLabel('Name').fill(admin.user);
  await page.getByLabel('Password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
