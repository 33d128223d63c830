import { randomUUID } from 'node:crypto';
import { type Check, created, expectAnswer, fenced, updated, withdrawn } from './check.ts';
import { crowdedItem, fullItem, jwe, plainItem } from './sample-items.ts';
import type { Server } from './server.ts';

const HUGE = Number.MAX_SAFE_INTEGER;
/** Exchange's ids hold characters that proxies like to normalise. */
const ODD_ID = 'AAMk/+=AQ~ö%2F..';

const fresh = (): string => `conformance ${randomUUID()}`;
const put = (server: Server, id: string, version: number, user?: string) =>
  server.put(id, version, plainItem(id), user);

/** Meetings: versions, fencing and tombstones. */
export const MEETING_CHECKS: readonly Check[] = [
  {
    name: 'creates a meeting, updates it and takes it away',
    run: async (server) => {
      const id = fresh();
      await expectAnswer(put(server, id, 3), 201, created);
      await expectAnswer(put(server, id, 5), 200, updated);
      await expectAnswer(server.withdraw(id, 6), 200, withdrawn);
    },
  },
  {
    name: 'fences what is not newer, and tells which version is held',
    run: async (server) => {
      const id = fresh();
      await expectAnswer(put(server, id, 3), 201, created);
      await expectAnswer(put(server, id, 3), 409, fenced(3));
      await expectAnswer(put(server, id, 2), 409, fenced(3));
      await expectAnswer(put(server, id, 4), 200, updated);
      await expectAnswer(put(server, id, 3), 409, fenced(4));
    },
  },
  {
    name: 'fences a withdrawal that is not newer',
    run: async (server) => {
      const id = fresh();
      await expectAnswer(put(server, id, 3), 201, created);
      await expectAnswer(server.withdraw(id, 3), 409, fenced(3));
      await expectAnswer(server.withdraw(id, 4), 200, withdrawn);
      await expectAnswer(server.withdraw(id, 4), 409, fenced(4));
    },
  },
  {
    name: 'keeps the version of what was withdrawn: older deliveries stay out, newer ones create it anew',
    run: async (server) => {
      const id = fresh();
      await expectAnswer(put(server, id, 1), 201, created);
      await expectAnswer(server.withdraw(id, 4), 200, withdrawn);
      await expectAnswer(put(server, id, 3), 409, fenced(4));
      await expectAnswer(put(server, id, 5), 201, created);
    },
  },
  {
    name: 'withdraws what it never had, so that a late create stays out',
    run: async (server) => {
      const id = fresh();
      await expectAnswer(server.withdraw(id, 7), 200, withdrawn);
      await expectAnswer(put(server, id, 6), 409, fenced(7));
    },
  },
  {
    name: 'knows versions of every meeting of every user apart',
    run: async (server) => {
      const [id, other] = [fresh(), fresh()];
      await expectAnswer(put(server, id, 9), 201, created);
      await expectAnswer(put(server, other, 1), 201, created);
      await expectAnswer(put(server, id, 1, server.facts.users[1]), 201, created);
      await expectAnswer(put(server, id, 9), 409, fenced(9));
    },
  },
  {
    name: 'compares versions as numbers, up to the largest',
    run: async (server) => {
      const id = fresh();
      await expectAnswer(put(server, id, 9), 201, created);
      await expectAnswer(put(server, id, 10), 200, updated);
      await expectAnswer(put(server, id, HUGE), 200, updated);
      await expectAnswer(put(server, id, HUGE - 1), 409, fenced(HUGE));
    },
  },
  {
    name: 'takes ids of any characters, as base64url in the path',
    run: async (server) => {
      const id = `${ODD_ID}${randomUUID()}`;
      await expectAnswer(put(server, id, 1), 201, created);
      await expectAnswer(put(server, id, 1), 409, fenced(1));
    },
  },
  {
    name: 'takes the id of a user in any case',
    run: async (server) => {
      const id = fresh();
      const [user] = server.facts.users;
      await expectAnswer(put(server, id, 1, user.toUpperCase()), 201, created);
      await expectAnswer(put(server, id, 1, user.toLowerCase()), 409, fenced(1));
    },
  },
  {
    name: 'ends with the newest version when deliveries come at the same time',
    run: async (server) => {
      const id = fresh();
      const versions = [4, 1, 6, 2, 5, 3];
      await Promise.all(versions.map((version) => put(server, id, version)));
      await expectAnswer(put(server, id, 6), 409, fenced(6));
    },
  },
  {
    name: 'takes an invitation of five hundred people',
    run: async (server) => {
      const id = fresh();
      await expectAnswer(server.put(id, 1, crowdedItem(id)), 201, created);
    },
  },
  {
    name: 'takes an item with every member that there is, under either cipher',
    run: async (server) => {
      const [id, other] = [fresh(), fresh()];
      await expectAnswer(server.put(id, 1, fullItem(id)), 201, created);
      const { encryptionKeyUrl: kid } = plainItem(other);
      const sealed = () => jwe({ kid, ctx: 'place' }, 'XC20P');
      await expectAnswer(server.put(other, 1, fullItem(other, sealed)), 201, created);
    },
  },
];
