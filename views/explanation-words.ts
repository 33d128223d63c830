import type { Ignored } from '../src/domain/join-target/candidates.ts';
import type { ExplainedWinner } from '../src/domain/join-target/explanation.ts';
import type { Loser } from '../src/domain/join-target/join-target.ts';
import { text } from './messages.ts';

/** What is told of a winner, for the page and for the terminal; what it has not is left out. */
export function winnerRows(winner: ExplainedWinner): [name: string, value: string][] {
  const { provider, source, address, dial, meetingId, passcode } = winner;
  const rows: [string, string | null][] = [
    [text('join.provider'), provider],
    [text('join.foundIn'), text(`joinSource.${source}`)],
    [text('join.address'), address],
    [text('join.app'), dial.app],
    [text('join.device'), dial.device],
    [text('join.meetingId'), meetingId],
    [text('join.passcode'), passcode],
  ];
  return rows.flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
}

export function loserWords({ provider, address, source, reason }: Loser): string {
  return `${provider}: ${address} (${text(`joinSource.${source}`)}; ${text(`joinLost.${reason}`)})`;
}

export function ignoredWords(one: Ignored): string {
  const what =
    one.reason === 'WRAPPED'
      ? text('joinIgnored.WRAPPED', { detail: one.detail })
      : text(`joinIgnored.${one.detail}`);
  return `${one.address} (${what})`;
}
