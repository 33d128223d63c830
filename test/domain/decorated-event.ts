import assert from 'node:assert/strict';
import { type DecorationRules, decideDecoration, decorate } from '../../src/domain/decoration.ts';
import { DEFAULT_SETTINGS, type JoinDetails } from '../../src/domain/join-block/join-details.ts';
import { builtInRules } from '../../src/domain/join-target/built-in-rules.ts';
import { anEvent, at, NOW } from './calendar-events.ts';

export const RULES: DecorationRules = { joinRules: builtInRules(), existingTarget: 'keep' };
export const ROOM: JoinDetails = {
  link: 'https://nordwind.webex.com/meet/ann',
  videoAddress: 'ann@nordwind.webex.com',
  meetingNumber: null,
  password: null,
  phones: [],
  accessCode: null,
};

/** The write that the keyword in this event brings. */
export function decorated(
  event = anEvent({ locations: at('Room 1, @webex please', 'Lobby') }),
  locale: string | null = null,
) {
  const decision = decideDecoration(event, RULES, NOW);
  assert.equal(decision.kind, 'arrange');
  if (decision.kind !== 'arrange') throw new Error('not arranged');
  return decorate(event, decision.keyword, ROOM, 'mark-1', { settings: DEFAULT_SETTINGS, locale });
}
