import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Check, created, expectAnswer, fenced, updated, withdrawn } from './check.ts';
import { plainItem, reminder } from './sample-items.ts';
import { Failed, type Server } from './server.ts';
import { withSocket } from './socket-checks.ts';
import type { Frame, SocketPeer } from './socket-peer.ts';

const WATCHED = /^calendar\.(meeting|reminder)\./;

/** An app of the first user, connected. */
async function withApp(server: Server, use: (app: SocketPeer) => Promise<void>): Promise<void> {
  await withSocket(server, server.facts.appToken ?? '', use);
}

/** The next event about a meeting of ours; others may be pushed meanwhile. */
async function nextEvent(server: Server, app: SocketPeer, id: string): Promise<Frame> {
  const frame = await app.frame(({ data }) => contentOf(data)?.id === id);
  const [flaw] = server.judge.value('AppEventFrame', frame);
  if (flaw !== undefined) throw new Failed(flaw);
  return frame;
}

function contentOf(data: Frame['data']): { readonly id?: unknown } | undefined {
  if (!WATCHED.test(String(data?.eventType))) return undefined;
  return Object(data).calendarReminderExternal ?? Object(data).calendarMeetingExternal;
}

async function expectEvent(
  server: Server,
  app: SocketPeer,
  id: string,
  type: string,
  content: object,
): Promise<void> {
  const { data } = await nextEvent(server, app, id);
  if (data?.eventType !== type) throw new Failed(`${type} was expected, ${data?.eventType} came`);
  const came = Object(contentOf(data));
  const asked = Object.fromEntries(Object.keys(content).map((name) => [name, came[name]]));
  if (!isDeepStrictEqual(asked, content)) throw new Failed(`${type} does not carry what was told`);
}

/** What reaches the apps; only with a token of the first user. */
export const APP_CHECKS: readonly Check[] = [
  {
    name: 'pushes a reminder to the app as it was told, what changes it, and that it goes',
    run: async (server) => {
      const id = `conformance ${randomUUID()}`;
      const [one, other] = [reminder(id), reminder(id)];
      await withApp(server, async (app) => {
        await expectAnswer(server.putReminder(id, 1, one), 201, created);
        await expectEvent(server, app, id, 'calendar.reminder.create', one);
        await expectAnswer(server.putReminder(id, 1, one), 409, fenced(1));
        await expectAnswer(server.putReminder(id, 2, other), 200, updated);
        await expectEvent(server, app, id, 'calendar.reminder.update', other);
        await expectAnswer(server.withdrawReminder(id, 3), 200, withdrawn);
        await expectEvent(server, app, id, 'calendar.reminder.delete', { id });
      });
    },
  },
  {
    name: 'pushes a reminder that stands to an app that connects later',
    run: async (server) => {
      const id = `conformance ${randomUUID()}`;
      const told = reminder(id);
      await expectAnswer(server.putReminder(id, 1, told), 201, created);
      await withApp(server, (app) => expectEvent(server, app, id, 'calendar.reminder.create', told));
      await expectAnswer(server.withdrawReminder(id, 2), 200, withdrawn);
    },
  },
  {
    name: 'pushes a meeting to the app, what changes it, and that it goes',
    run: async (server) => {
      const id = `conformance ${randomUUID()}`;
      await withApp(server, async (app) => {
        await expectAnswer(server.put(id, 1, plainItem(id)), 201, created);
        await expectEvent(server, app, id, 'calendar.meeting.create', plainItem(id));
        await expectAnswer(server.put(id, 2, plainItem(id)), 200, updated);
        await expectEvent(server, app, id, 'calendar.meeting.update', plainItem(id));
        await expectAnswer(server.withdraw(id, 3), 200, withdrawn);
        await expectEvent(server, app, id, 'calendar.meeting.delete', { id });
      });
    },
  },
  {
    name: 'pushes nothing of another user to the app',
    run: async (server) => {
      const [id, own] = [`conformance ${randomUUID()}`, `conformance ${randomUUID()}`];
      await withApp(server, async (app) => {
        const [, other] = server.facts.users;
        await expectAnswer(server.putReminder(id, 1, reminder(id), other), 201, created);
        await expectAnswer(server.putReminder(own, 1, reminder(own)), 201, created);
        // Events of one socket come in order: what is not here before the own one does not come.
        await expectEvent(server, app, own, 'calendar.reminder.create', { id: own });
        if (app.has(({ data }) => contentOf(data)?.id === id)) throw new Failed('it is pushed to others');
      });
      await server.withdrawReminder(own, 2);
    },
  },
];
