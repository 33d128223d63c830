import { randomUUID } from 'node:crypto';
import { type Check, created, expectAnswer, fenced, updated, withdrawn } from './check.ts';
import { plainItem, reminder } from './sample-items.ts';
import type { Server } from './server.ts';

const fresh = (): string => `conformance ${randomUUID()}`;
const put = (server: Server, id: string, version: unknown, user?: string) =>
  server.putReminder(id, version, reminder(id), user);

/** A reminder that is not taken, and leaves nothing behind that would fence the right one. */
const flawed = (name: string, flaw: (id: string) => object): Check => ({
  name: `refuses a reminder ${name}, without any effect`,
  run: async (server) => {
    const id = fresh();
    await expectAnswer(server.putReminder(id, 9, flaw(id)), 400);
    await expectAnswer(put(server, id, 1), 201, created);
  },
});

/** Reminders: the Join button comes, changes and goes. */
export const REMINDER_CHECKS: readonly Check[] = [
  {
    name: 'shows a reminder, replaces it, takes it away and shows it anew',
    run: async (server) => {
      const id = fresh();
      await expectAnswer(put(server, id, 3), 201, created);
      await expectAnswer(put(server, id, 5), 200, updated);
      await expectAnswer(server.withdrawReminder(id, 6), 200, withdrawn);
      await expectAnswer(put(server, id, 7), 201, created);
    },
  },
  {
    name: 'fences a reminder that is not newer, so that nobody is reminded twice',
    run: async (server) => {
      const id = fresh();
      await expectAnswer(put(server, id, 3), 201, created);
      await expectAnswer(put(server, id, 3), 409, fenced(3));
      await expectAnswer(put(server, id, 2), 409, fenced(3));
      await expectAnswer(server.withdrawReminder(id, 3), 409, fenced(3));
    },
  },
  {
    name: 'keeps the version of a reminder that was taken away, or never was there',
    run: async (server) => {
      const [id, unknown] = [fresh(), fresh()];
      await expectAnswer(put(server, id, 1), 201, created);
      await expectAnswer(server.withdrawReminder(id, 4), 200, withdrawn);
      await expectAnswer(put(server, id, 3), 409, fenced(4));
      await expectAnswer(server.withdrawReminder(unknown, 7), 200, withdrawn);
      await expectAnswer(put(server, unknown, 6), 409, fenced(7));
    },
  },
  {
    name: 'knows the versions of a reminder and of its meeting apart, and those of every user',
    run: async (server) => {
      const id = fresh();
      await expectAnswer(server.put(id, 9, plainItem(id)), 201, created);
      await expectAnswer(put(server, id, 1), 201, created);
      await expectAnswer(put(server, id, 1, server.facts.users[1]), 201, created);
      await expectAnswer(server.put(id, 10, plainItem(id)), 200, updated);
      await expectAnswer(put(server, id, 2), 200, updated);
    },
  },
  {
    name: 'takes a reminder without a way to join',
    run: async (server) => {
      const id = fresh();
      const bare = { ...reminder(id), meetingJoinInfo: {} };
      await expectAnswer(server.putReminder(id, 1, bare), 201, created);
    },
  },
  flawed('with a join address in clear', (id) => ({
    ...reminder(id),
    meetingJoinInfo: { meetingJoinURL: 'https://example.com/join' },
  })),
  flawed('with a member that the profile does not have', (id) => ({ ...reminder(id), subject: 'Budget' })),
  flawed('without its end', (id) => {
    const { end: _end, ...rest } = reminder(id);
    return rest;
  }),
  flawed('that ends before it begins', (id) => {
    const { start, end } = reminder(id);
    return { ...reminder(id), start: end, end: start };
  }),
  flawed('whose id is not that of the path', () => reminder('another')),
  {
    name: 'refuses a reminder without a right version, a right token or a user that exists',
    run: async (server) => {
      const id = fresh();
      for (const version of [0, -1, 1.5, '1', null]) await expectAnswer(put(server, id, version), 400);
      for (const version of ['', '0', '1.5', 'x'])
        await expectAnswer(server.withdrawReminder(id, version), 400);
      await expectAnswer(put(server, id, 1, randomUUID()), 404);
      const body = { version: 1, reminder: reminder(id) };
      const url = server.reminderUrl(id);
      const asked = { operation: 'putReminder', method: 'PUT', url, body, token: 'made-up' } as const;
      await expectAnswer(server.exchange(asked), 401);
    },
  },
];
