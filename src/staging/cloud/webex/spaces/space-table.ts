import type { CloudContext } from '../../cloud-context.ts';
import type { Table } from '../../disk.ts';
import { uuidOf } from '../public-id.ts';

export interface HeldRoom {
  /** UUID. */
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly isLocked: boolean;
  readonly isPublic: boolean;
  readonly isAnnouncementOnly: boolean;
  readonly creatorId: string;
  readonly created: number;
}

export interface HeldMembership {
  readonly roomId: string;
  readonly userId: string;
  readonly isModerator: boolean;
  readonly created: number;
}

export const roomTable = (context: CloudContext): Table<HeldRoom> =>
  context.disk.table<HeldRoom>('webex-rooms');
export const membershipTable = (context: CloudContext): Table<HeldMembership> =>
  context.disk.table<HeldMembership>('webex-memberships');

export function membershipKey(roomId: string, userId: string): string {
  return `${userId}:${roomId}`;
}

export function membershipOf(
  context: CloudContext,
  roomId: string,
  userId: string,
): HeldMembership | undefined {
  return membershipTable(context).get(membershipKey(roomId, userId));
}

/** The space with this public id, if the user is in it; to all others it is not there. */
export function roomOfMember(context: CloudContext, userId: string, publicRoomId: string): HeldRoom | null {
  const id = uuidOf('ROOM', publicRoomId) ?? '';
  const isMember = membershipOf(context, id, userId) !== undefined;
  return isMember ? (roomTable(context).get(id) ?? null) : null;
}

/** Deletes a space with its memberships. */
export function deleteRoom(context: CloudContext, id: string): void {
  context.disk.transaction(() => {
    const members = membershipTable(context).all();
    for (const { roomId, userId } of members)
      if (roomId === id) membershipTable(context).delete(membershipKey(id, userId));
    roomTable(context).delete(id);
  });
}
