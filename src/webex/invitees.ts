import { z } from 'zod';
import type { Invitee } from '../domain/scheduling-ports.ts';
import { webexPages } from './collection.ts';
import { deleteAt } from './delete-at.ts';
import { callWebex, unreadableAnswer, type WebexApiDeps, webexUrl } from './rest.ts';

/** Of one call. */
const MOST = 100;
const INVITEE = z.object({ id: z.string().min(1), email: z.string() });

/** Everybody whom Webex holds as invited to a meeting; nobody where it does not show the meeting. */
export async function inviteesOf(deps: WebexApiDeps, meetingId: string, host: string): Promise<Invitee[]> {
  const found: Invitee[] = [];
  const url = webexUrl(deps.apiUrl, ['meetingInvitees'], { meetingId, hostEmail: host, max: String(MOST) });
  for await (const items of webexPages(deps, url, [403, 404])) found.push(...items.map(inviteeIn));
  return found;
}

/** One whom Webex does not take spoils a whole call: then it is asked for each one. */
export async function invite(
  deps: WebexApiDeps,
  meetingId: string,
  host: string,
  addresses: readonly string[],
): Promise<string[]> {
  const refused: string[] = [];
  for (let from = 0; from < addresses.length; from += MOST) {
    const some = addresses.slice(from, from + MOST);
    if (await insert(deps, meetingId, host, some)) continue;
    for (const one of some) if (!(await insert(deps, meetingId, host, [one]))) refused.push(one);
  }
  return refused;
}

/** False when Webex takes none of them. Nobody gets a mail. */
async function insert(
  deps: WebexApiDeps,
  meetingId: string,
  hostEmail: string,
  addresses: readonly string[],
): Promise<boolean> {
  const { status } = await callWebex(deps, {
    method: 'POST',
    url: webexUrl(deps.apiUrl, ['meetingInvitees', 'bulkInsert']),
    body: { meetingId, hostEmail, items: addresses.map((email) => ({ email, sendEmail: false })) },
    expect: [400, 403, 404, 409],
  });
  // 409: somebody is invited already, under another address of theirs. Of one that is all there is to it.
  return status < 400 || (status === 409 && addresses.length === 1);
}

/** Nobody gets a mail. */
export async function uninvite(deps: WebexApiDeps, inviteeId: string, hostEmail: string): Promise<void> {
  const query = { hostEmail, sendEmail: 'false' };
  await deleteAt(deps, webexUrl(deps.apiUrl, ['meetingInvitees', inviteeId], query));
}

function inviteeIn(json: unknown): Invitee {
  const invitee = INVITEE.safeParse(json).data;
  if (invitee === undefined) throw unreadableAnswer();
  return invitee;
}
