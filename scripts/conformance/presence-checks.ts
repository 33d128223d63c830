import { type Check, expectAnswer, fenced, updated } from './check.ts';
import { plainItem } from './sample-items.ts';

const HOUR_MS = 3_600_000;

/** Presence has one version a user: each examination goes on where the clock stands. */
function firstVersion(): number {
  return Date.now() * 1_000;
}

const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR_MS).toISOString();

/** Out of office. */
export const PRESENCE_CHECKS: readonly Check[] = [
  {
    name: 'takes out of office with its end, without one, and back in office',
    run: async (server) => {
      const version = firstVersion();
      const away = { eventType: 'ooo', expiresTime: inHours(1) };
      await expectAnswer(server.presence({ version, ...away }), 200, updated);
      await expectAnswer(server.presence({ version: version + 1, eventType: 'ooo' }), 200, updated);
      await expectAnswer(server.presence({ version: version + 2, eventType: 'active' }), 200, updated);
    },
  },
  {
    name: 'fences presence that is not newer',
    run: async (server) => {
      const version = firstVersion();
      await expectAnswer(server.presence({ version, eventType: 'ooo' }), 200, updated);
      await expectAnswer(server.presence({ version, eventType: 'active' }), 409, fenced(version));
      await expectAnswer(
        server.presence({ version: version - 1, eventType: 'active' }),
        409,
        fenced(version),
      );
      await expectAnswer(server.presence({ version: version + 1, eventType: 'active' }), 200, updated);
    },
  },
  {
    name: 'knows the versions of presence and of meetings apart, and those of every user',
    run: async (server) => {
      const version = firstVersion();
      await expectAnswer(server.presence({ version, eventType: 'active' }), 200, updated);
      const id = `conformance ${version}`;
      await expectAnswer(server.put(id, 1, plainItem(id)), 201);
      const [, other] = server.facts.users;
      await expectAnswer(server.presence({ version, eventType: 'active' }, other), 200, updated);
    },
  },
  {
    name: 'refuses presence that makes no sense, without any effect',
    run: async (server) => {
      const version = firstVersion();
      const bad = [
        { version: version + 9, eventType: 'active', expiresTime: inHours(1) },
        { version: version + 9, eventType: 'ooo', expiresTime: 'tomorrow' },
        { version: version + 9, eventType: 'asleep' },
        { version: version + 9 },
        { eventType: 'ooo' },
        { version: version + 9, eventType: 'ooo', reason: 'holiday' },
      ];
      for (const body of bad) await expectAnswer(server.presence(body), 400);
      await expectAnswer(server.presence({ version, eventType: 'active' }), 200, updated);
    },
  },
];
