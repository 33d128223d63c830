import { z } from 'zod';
import { asAppError } from '../domain/app-error.ts';
import type { Deletion, WebexSpaces } from '../domain/scheduling-ports.ts';
import { webexPages } from './collection.ts';
import { deleteAt } from './delete-at.ts';
import { publicId, uuidIn } from './public-id.ts';
import { callWebex, unreadableAnswer, type WebexApiDeps, webexUrl } from './rest.ts';

/** Clocks differ: a space that seems a little older than its intent may still be the one. */
const CLOCK_DIFFERENCE_MS = 10 * 60_000;

const ROOM = z.object({
  id: z.string(),
  description: z.string().nullish(),
  created: z.string().nullish(),
});
type Room = z.infer<typeof ROOM>;

/** Group spaces of the service app as `WebexSpaces` (reference: webex.md 4.5). Throws AppError as `callWebex` does. */
export function openWebexSpaces(deps: WebexApiDeps): WebexSpaces {
  return {
    create: (mark, title, intendedAt) => create(deps, mark, title, intendedAt),
    find: (mark, intendedAt) => onlyOneMarked(deps, mark, intendedAt),
    addMembers: (spaceId, personIds) => addMembers(deps, spaceId, personIds),
    delete: (spaceId) => remove(deps, spaceId),
  };
}

/** There is no idempotency key here: the mark in the description tells what an earlier call had made. */
async function create(
  deps: WebexApiDeps,
  mark: string,
  title: string,
  intendedAt: number,
): Promise<string | null> {
  const earlier = await onlyOneMarked(deps, mark, intendedAt);
  if (earlier !== null) return earlier;
  try {
    return await make(deps, mark, title);
  } catch (thrown) {
    // Webex may have made it all the same. If this look fails too, that of the next try finds it.
    const lost = asAppError(thrown).code === 'unavailable';
    const made = lost ? await onlyOneMarked(deps, mark, intendedAt).catch(() => null) : null;
    if (made === null) throw thrown;
    return made;
  }
}

async function make(deps: WebexApiDeps, mark: string, title: string): Promise<string | null> {
  const url = webexUrl(deps.apiUrl, ['rooms']);
  const body = { title, description: mark };
  // Refused for want of a scope: that concerns spaces alone and must not hold up everything else.
  const { status, json } = await callWebex(deps, { method: 'POST', url, body, expect: [403] });
  return status === 403 ? null : uuidOf(roomIn(json));
}

/** The oldest space with the mark; younger ones, made by calls that overtook each other, are deleted. */
async function onlyOneMarked(deps: WebexApiDeps, mark: string, intendedAt: number): Promise<string | null> {
  const marked = (await roomsSince(deps, intendedAt - CLOCK_DIFFERENCE_MS)).filter(
    ({ description }) => description === mark,
  );
  const kept = marked.pop();
  for (const surplus of marked) await remove(deps, uuidOf(surplus));
  return kept === undefined ? null : uuidOf(kept);
}

/** The newest first; older ones than the instant are not asked for. */
async function roomsSince(deps: WebexApiDeps, instant: number): Promise<Room[]> {
  const found: Room[] = [];
  const url = webexUrl(deps.apiUrl, ['rooms'], { type: 'group', sortBy: 'created', max: '100' });
  for await (const items of webexPages(deps, url, [403])) {
    const rooms = items.map(roomIn);
    const young = rooms.filter(({ created }) => !(Date.parse(created ?? '') < instant));
    found.push(...young);
    if (young.length < rooms.length) break;
  }
  return found;
}

/** One after the other: Webex makes who hurries wait. */
async function addMembers(
  deps: WebexApiDeps,
  spaceId: string,
  personIds: readonly string[],
): Promise<string[]> {
  const refused: string[] = [];
  const roomId = publicId('ROOM', spaceId);
  for (const personId of personIds) {
    const { status } = await callWebex(deps, {
      method: 'POST',
      url: webexUrl(deps.apiUrl, ['memberships']),
      body: { roomId, personId: publicId('PEOPLE', personId) },
      // 409: in it already.
      expect: [400, 403, 404, 409],
    });
    if (status >= 400 && status !== 409) refused.push(personId);
  }
  return refused;
}

async function remove(deps: WebexApiDeps, spaceId: string): Promise<Deletion> {
  return await deleteAt(deps, webexUrl(deps.apiUrl, ['rooms', publicId('ROOM', spaceId)]));
}

function roomIn(json: unknown): Room {
  const room = ROOM.safeParse(json).data;
  if (room === undefined) throw unreadableAnswer();
  return room;
}

function uuidOf({ id }: Room): string {
  const uuid = uuidIn(id, ['ROOM']);
  if (uuid === null) throw unreadableAnswer();
  return uuid;
}
