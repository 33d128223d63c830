/** A space made for a meeting takes this many people; beyond it the organiser is told instead. */
export const SPACE_MEMBERS_MAX = 120;

export type SpaceMembers =
  | { readonly kind: 'members'; readonly personIds: readonly string[] }
  | { readonly kind: 'too-many'; readonly count: number };

/** Whom a meeting's space gets: each of the enabled people once, by their UUIDs at Webex. */
export function spaceMembers(webexIds: readonly string[]): SpaceMembers {
  const personIds = [...new Set(webexIds.map((id) => id.toLowerCase()))];
  const { length: count } = personIds;
  return count > SPACE_MEMBERS_MAX ? { kind: 'too-many', count } : { kind: 'members', personIds };
}
