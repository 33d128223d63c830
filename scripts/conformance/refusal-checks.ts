import { randomUUID } from 'node:crypto';
import { type Check, created, expectAnswer } from './check.ts';
import { jwe, plainItem } from './sample-items.ts';
import type { Exchange, Server } from './server.ts';

/** More than the profile lets an item have. */
const TOO_LARGE = 'x'.repeat(1_100_000);
const NO_VERSIONS = [0, -1, 1.5, '1', null, Number.MAX_SAFE_INTEGER + 1];

/** A PUT of a meeting as the profile has it, but for what is said here. */
function delivery(server: Server, more: Partial<Exchange>): Exchange {
  const id = `conformance ${randomUUID()}`;
  const url = server.meetingUrl(id);
  return { operation: 'putMeeting', method: 'PUT', url, body: { version: 1, item: plainItem(id) }, ...more };
}

/** An item that is not taken, and leaves nothing behind that would fence the right one. */
async function refuseItem(server: Server, flaw: (id: string) => object): Promise<void> {
  const id = `conformance ${randomUUID()}`;
  await expectAnswer(server.put(id, 9, flaw(id)), 400);
  await expectAnswer(server.put(id, 1, plainItem(id)), 201, created);
}

const flawed = (name: string, flaw: (id: string) => object): Check => ({
  name,
  run: (server) => refuseItem(server, flaw),
});

/** What must not be taken. */
export const REFUSAL_CHECKS: readonly Check[] = [
  {
    name: 'refuses who has no valid token',
    run: async (server) => {
      for (const token of [null, 'made-up'])
        await expectAnswer(server.exchange(delivery(server, { token })), 401);
    },
  },
  {
    name: 'knows no user that does not exist',
    run: async (server) => {
      const stranger = randomUUID();
      await expectAnswer(server.put('conformance', 1, plainItem('conformance'), stranger), 404);
      await expectAnswer(server.withdraw('conformance', 1, stranger), 404);
      await expectAnswer(server.presence({ version: 1, eventType: 'active' }, stranger), 404);
    },
  },
  flawed('refuses an item with a sensitive member in clear, without any effect', (id) => ({
    ...plainItem(id),
    encryptedSubject: 'Budget',
  })),
  flawed('refuses an item with a clear name deep inside', (id) => ({
    ...plainItem(id),
    encryptedOrganizer: { encryptedName: 'Ann' },
  })),
  flawed('refuses an item with a member that the profile does not have', (id) => ({
    ...plainItem(id),
    subject: jwe(),
  })),
  flawed('refuses an item that lacks a member', (id) => {
    const { start: _start, ...rest } = plainItem(id);
    return rest;
  }),
  flawed('refuses an item with a word that the profile does not have', (id) => ({
    ...plainItem(id),
    encryptedParticipants: [{ type: 'PERSON', participantType: 'REQUIRED', responseType: 'PERHAPS' }],
  })),
  flawed('refuses an item whose fields are sealed under another key than it says', (id) => ({
    ...plainItem(id),
    encryptedSubject: jwe({ kid: `kms://kms.example.com/keys/${randomUUID()}` }),
  })),
  flawed('refuses an item whose id is not that of the path', () => plainItem('another')),
  {
    name: 'refuses a version that is no whole number from 1 on',
    run: async (server) => {
      const id = `conformance ${randomUUID()}`;
      for (const version of NO_VERSIONS) await expectAnswer(server.put(id, version, plainItem(id)), 400);
      for (const version of ['', '0', '-1', '1.5', '1e3', 'x'])
        await expectAnswer(server.withdraw(id, version), 400);
      const url = server.meetingUrl(id);
      await expectAnswer(server.exchange({ operation: 'withdrawMeeting', method: 'DELETE', url }), 400);
    },
  },
  {
    name: 'refuses a body that is no JSON, of another type, or too large',
    run: async (server) => {
      await expectAnswer(server.exchange(delivery(server, { body: '{"version": 1' })), 400);
      await expectAnswer(server.exchange(delivery(server, { type: 'text/plain' })), 415);
      await expectAnswer(
        server.exchange(delivery(server, { body: JSON.stringify({ item: TOO_LARGE }) })),
        413,
      );
    },
  },
];
