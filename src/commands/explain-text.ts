import { ignoredWords, loserWords, winnerRows } from '../../views/explanation-words.ts';
import { text } from '../../views/messages.ts';
import type { Explanation } from '../domain/join-target/explanation.ts';

/** The explanation for a person at a terminal. */
export function explainText(
  { winner, losers, ignored, reason }: Explanation,
  strong: (text: string) => string,
): string {
  const rows = [
    ...(winner === null ? [] : winnerRows(winner)),
    [text('join.why'), text(`joinReason.${reason}`)] as const,
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    section(
      text(winner === null ? 'join.none' : 'join.winner'),
      rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
      strong,
    ),
    section(text('join.losers'), losers.map(loserWords), strong),
    section(text('join.ignored'), ignored.map(ignoredWords), strong),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function section(title: string, lines: readonly string[], strong: (text: string) => string): string {
  return lines.length === 0 ? '' : [strong(title), ...lines.map((line) => `  ${line}`)].join('\n');
}
