import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type DayOptions, playDay, startDay } from '../../scripts/day/run.ts';
import type { SteeredInstallation } from '../../scripts/modes/steered-installation.ts';
import type { Account } from '../system/installation.ts';
import { installedCloud } from './installed-cloud.ts';
import { type OpenedItem, type Shown, shownBy, toShow, UNREADABLE } from './shown-meeting.ts';
import { type PushedMeeting, type WebexApp, webexApp } from './webex-app.ts';

const DAY_MS = 86_400_000;
/** The day of `npm run day -- --seed 2026`. It is played faster: here nobody looks at how quick the appliance is. */
const DAY: DayOptions = {
  crowd: { people: 50, rooms: 10 },
  meetings: 300,
  minutes: 600,
  speed: 300,
  seed: 2026,
  say: () => undefined,
};
/** Everything that an app is known to read of a meeting, and where it stands (reference: webex.md 1.3). */
const MEMBERS = [
  ...['id', 'seriesId', 'start', 'durationMinutes', 'organizer', 'isRecurring', 'hasAttachments'],
  ...[
    'links.0.href',
    'meetingSensitivity',
    'encryptionKeyUrl',
    'participantsUrl',
    'notesUrl',
    'conversationId',
  ],
  ...['encryptedSubject', 'encryptedLocation', 'encryptedNotes'],
  ...['encryptedOrganizer.encryptedName', 'encryptedOrganizer.encryptedEmailAddress'],
  ...['id', 'orgId', 'type', 'participantType', 'responseType', 'encryptedName', 'encryptedEmailAddress'].map(
    (name) => `encryptedParticipants.0.${name}`,
  ),
  ...['meetingJoinInfo.meetingJoinURL', 'meetingJoinInfo.meetingJoinURI'],
  ...['webexURL', 'webexURI', 'spaceURL', 'spaceURI', 'spaceMeetURL'],
];

interface Connected {
  readonly account: Account;
  readonly list: readonly OpenedItem[];
  readonly pushed: readonly PushedMeeting[];
}

/** A day in the life of 50 people and 10 rooms, each with an app of Cisco's code that is connected from its beginning to its end. */
async function connectedDay(
  t: TestContext,
): Promise<{ day: SteeredInstallation; apps: Connected[]; base: number }> {
  const day = await startDay(DAY.crowd);
  t.after(() => day.installation.stop());
  const cloud = installedCloud(day.installation);
  const apps: [Account, WebexApp][] = [];
  for (const account of day.accounts) apps.push([account, await webexApp(t, cloud, account)]);
  const { base } = await playDay(day, DAY);
  const window = {
    fromDate: new Date(base - DAY_MS).toISOString(),
    toDate: new Date(base + 4 * DAY_MS).toISOString(),
  };
  const connected: Connected[] = [];
  for (const [account, app] of apps) {
    const list = (await app.list(window)) as readonly OpenedItem[];
    connected.push({ account, list, pushed: await app.pushedMeetings() });
  }
  return { day, apps: connected, base };
}

/** What an app shows that follows the pushed events and never asks for the list. */
function followed(pushed: readonly PushedMeeting[]): OpenedItem[] {
  const held = new Map<string, OpenedItem>();
  for (const { eventType, item } of pushed as readonly (PushedMeeting & { item: OpenedItem })[]) {
    if (eventType === 'calendar.meeting.delete') held.delete(item.id);
    else held.set(item.id, item);
  }
  return [...held.values()];
}

const byId = (items: readonly OpenedItem[]) => items.toSorted((a, b) => (a.id < b.id ? -1 : 1));
const byStart = (shown: readonly Shown[]) => shown.toSorted((a, b) => (a.start < b.start ? -1 : 1));

test("Cisco's own code opens every item of the day, in the lists and as it was pushed, and shows what the calendars hold", async (t) => {
  const { day, apps, base } = await connectedDay(t);
  const filled = new Set<string>();
  for (const { account, list, pushed } of apps) {
    const [shown, calendar] = [list.map(shownBy), await toShow(day, account, base)];
    assert.deepEqual(byStart(shown), byStart(calendar), account.address);
    assert.deepEqual(byId(followed(pushed)), byId(list), account.address);
    assert.equal(JSON.stringify([list, pushed]).includes(UNREADABLE), false, account.address);
    for (const item of list) for (const member of MEMBERS) if (isFilled(item, member)) filled.add(member);
  }
  assert.deepEqual(
    MEMBERS.filter((member) => !filled.has(member)),
    [],
    'every known member is filled somewhere',
  );
});

function isFilled(item: OpenedItem, path: string): boolean {
  const value = path.split('.').reduce<unknown>((at, name) => Reflect.get(Object(at), name), item);
  return value !== undefined && value !== null && value !== '' && value !== false;
}
