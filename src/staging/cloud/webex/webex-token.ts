import type { CloudContext } from '../cloud-context.ts';
import type { Directory } from '../directory.ts';
import { endOfToken } from './service-app-token.ts';

/** Whom a Webex token belongs to. `userId` is a UUID; a room's is its machine account. */
export interface WebexAccount {
  readonly userId: string;
  readonly role: 'user' | 'room' | 'service-app';
  readonly name: string;
}

interface Accounts {
  readonly byToken: ReadonlyMap<string, WebexAccount>;
  readonly byUserId: ReadonlyMap<string, WebexAccount>;
}

// A load-test directory has tens of thousands of people: looking through the list at every request would dominate the run.
const known = new WeakMap<Directory, Accounts>();

/** The account behind the request's bearer token; null when there is none (the caller answers 401). */
export function authenticateWebex(context: CloudContext, request: Request): WebexAccount | null {
  const bearer = /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  return bearer === undefined ? null : accountOfToken(context, bearer);
}

/** The account behind a token given elsewhere than in a header (KMS messages, Mercury); null when unknown. */
export function accountOfToken(context: CloudContext, token: string): WebexAccount | null {
  const end = endOfToken(context, token);
  if (end === null) return accountsOf(context.directory).byToken.get(token) ?? null;
  return end > context.clock.now() ? accountOfUser(context, context.directory.serviceApp.userId) : null;
}

/** The account with this UUID; null when unknown. */
export function accountOfUser(context: CloudContext, userId: string): WebexAccount | null {
  return accountsOf(context.directory).byUserId.get(userId.toLowerCase()) ?? null;
}

function accountsOf(directory: Directory): Accounts {
  let accounts = known.get(directory);
  if (accounts === undefined) {
    accounts = indexAccounts(directory);
    known.set(directory, accounts);
  }
  return accounts;
}

function indexAccounts(directory: Directory): Accounts {
  const byToken = new Map<string, WebexAccount>();
  const byUserId = new Map<string, WebexAccount>();
  const add = (token: string, account: WebexAccount): void => {
    byToken.set(token, account);
    byUserId.set(account.userId, account);
  };
  for (const { webexToken, webexUserId, name } of directory.people)
    add(webexToken, { userId: webexUserId, role: 'user', name });
  for (const { webexToken, webexUserId, name } of directory.rooms)
    add(webexToken, { userId: webexUserId, role: 'room', name });
  const { token, userId } = directory.serviceApp;
  add(token, { userId, role: 'service-app', name: 'the service app' });
  return { byToken, byUserId };
}
