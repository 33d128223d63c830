import type { Ignored } from '../domain/join-target/candidates.ts';
import type { ExplainedWinner, Explanation } from '../domain/join-target/explanation.ts';
import type { JoinSource } from '../domain/join-target/join-source.ts';
import type { DecisionReason, LoserReason } from '../domain/join-target/join-target.ts';

const SOURCES: Readonly<Record<JoinSource, string>> = {
  keyword: 'a keyword in the location',
  'online-meeting': 'the calendar’s own online meeting',
  location: 'the location',
  block: 'our join block',
  body: 'the body',
  sip: 'a plain video address in the body',
};
const REASONS: Readonly<Record<DecisionReason, string>> = {
  KEYWORD: 'a keyword asks for an arrangement, and that comes first.',
  ONLY_CANDIDATE: 'it is the only way to join in the invitation.',
  FIRST_SOURCE: 'its source comes before those of the others.',
  BEST_SCORE: 'of several in the same source its rule has the highest score.',
  FIRST_IN_TEXT: 'of several equally good ones it stands first.',
  NO_CANDIDATE: 'nothing in the invitation looks like a way to join.',
  ONLY_WRAPPED: 'there is a link that only its wrapper’s own service can open: exempt join links there.',
  ONLY_NEGATIVE: 'the links belong to meeting services, but none of them joins a meeting.',
};
const LOST: Readonly<Record<LoserReason, string>> = {
  LATER_SOURCE: 'its source comes later',
  LOWER_SCORE: 'its rule has a lower score',
  LATER_IN_TEXT: 'it stands further down',
};

/** The explanation for a person at a terminal. */
export function explainText(
  { winner, losers, ignored, reason }: Explanation,
  strong: (text: string) => string,
): string {
  const first = winner === null ? strong('No way to join') : winnerLines(winner, strong);
  return [
    `${first}\n  why           ${REASONS[reason]}`,
    ...section(
      'Other ways to join',
      losers.map((one) => `${one.provider}  ${one.address}  (${SOURCES[one.source]}; ${LOST[one.reason]})`),
    ),
    ...section(
      'No way to join',
      ignored.map((one) => `${one.address}  (${ignoredWords(one)})`),
    ),
  ].join('\n\n');
}

function winnerLines(winner: ExplainedWinner, strong: (text: string) => string): string {
  const { provider, source, address, dial, meetingId, passcode } = winner;
  const rows: [string, string | null][] = [
    ['found in', SOURCES[source]],
    ['address', address],
    ['app opens', dial.app],
    ['device dials', dial.device],
    ['meeting id', meetingId],
    ['passcode', passcode],
  ];
  const lines = rows.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(12)}  ${value}`]));
  return [strong(provider), ...lines].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [[`${title}:`, ...lines.map((line) => `  ${line}`)].join('\n')];
}

function ignoredWords({ reason, detail }: Ignored): string {
  return reason === 'WRAPPED' ? `wrapped by ${detail}` : detail.replace('-', ' ');
}
