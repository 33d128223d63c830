import { randomUUID } from 'node:crypto';
import type { CloudContext } from '../cloud-context.ts';
import type { Table } from '../disk.ts';
import { appItem } from './app-item.ts';
import type { MeetingItem } from './meeting-item.ts';
import type { MercuryHub } from './mercury-hub.ts';
import { accountOfUser } from './webex-token.ts';

/** What is held of one meeting of one user; without an item it is the tombstone of a withdrawn one. */
export interface HeldItem {
  readonly userId: string;
  readonly meetingId: string;
  readonly version: number;
  readonly item: MeetingItem | null;
}

export interface Effect {
  readonly at: number;
  readonly userId: string;
  readonly meetingId: string;
  readonly version: number;
  readonly kind: 'created' | 'updated' | 'withdrawn';
  /** The item's start, which tells one change of a meeting from the next; null for a withdrawal. */
  readonly start: string | null;
}

export type Outcome =
  | { readonly outcome: Effect['kind'] }
  | { readonly outcome: 'fenced'; readonly version: number };

export const itemTable = (context: CloudContext): Table<HeldItem> =>
  context.disk.table<HeldItem>('webex-items');
export const effectTable = (context: CloudContext): Table<Effect> =>
  context.disk.table<Effect>('webex-effects');

const WORDS = { created: 'gains', updated: 'changes', withdrawn: 'loses' } as const;
const EVENTS = { created: 'create', updated: 'update', withdrawn: 'delete' } as const;

/** What a user's meetings list holds. */
export function itemsOf(context: CloudContext, userId: string): MeetingItem[] {
  const held = itemTable(context).all();
  return held.flatMap((one) => (one.userId === userId && one.item !== null ? [one.item] : []));
}

/** One item of a user's list; null when it is not there. */
export function heldItem(context: CloudContext, userId: string, meetingId: string): MeetingItem | null {
  return itemTable(context).get(keyOf(userId, meetingId))?.item ?? null;
}

/** Takes a version when it is newer than what is held; null as item withdraws. The effect is on disk before it is told. */
export function accept(context: CloudContext, mercury: MercuryHub, next: HeldItem): Outcome {
  const table = itemTable(context);
  const { userId, meetingId, version } = next;
  const held = table.get(keyOf(userId, meetingId));
  if (held !== undefined && held.version >= version) return { outcome: 'fenced', version: held.version };
  const isListed = held !== undefined && held.item !== null;
  const kind = next.item === null ? 'withdrawn' : isListed ? 'updated' : 'created';
  const start = next.item?.start ?? null;
  context.disk.transaction(() => {
    table.put(keyOf(userId, meetingId), next);
    const effect: Effect = { at: context.clock.now(), userId, meetingId, version, kind, start };
    effectTable(context).put(randomUUID(), effect);
  });
  // What was never in the list does not visibly leave it.
  if (isListed || next.item !== null) announce(context, mercury, next, kind);
  return { outcome: kind };
}

function announce(context: CloudContext, mercury: MercuryHub, next: HeldItem, kind: Effect['kind']): void {
  const { userId, meetingId, version, item } = next;
  const calendarMeetingExternal = item === null ? { id: meetingId } : appItem(context, item);
  mercury.push(userId, { eventType: `calendar.meeting.${EVENTS[kind]}`, calendarMeetingExternal });
  const name = accountOfUser(context, userId)?.name ?? userId;
  context.tell({
    where: 'webex',
    what: `the meetings list of ${name} ${WORDS[kind]} a sealed meeting (version ${version})`,
  });
}

function keyOf(userId: string, meetingId: string): string {
  return `${userId}/${meetingId}`;
}
