import { type BlockRow, blockRows } from './block-rows.ts';
import { CLOSING, OPENING } from './delimiter.ts';
import type { JoinBlock } from './join-details.ts';
import { type Wording, wordingOf } from './languages.ts';

const LEFT_TO_RIGHT = '\u2066';
const ISOLATE_END = '\u2069';

/** The block as plain text, without a line end behind it. */
export function textBlock(block: JoinBlock, lineEnd: string): string {
  const wording = wordingOf(block.language);
  const lines = blockRows(block).flatMap((row) => rowLines(row, wording));
  return [OPENING, ...lines, CLOSING].join(lineEnd);
}

function rowLines(row: BlockRow, wording: Wording): string[] {
  switch (row.kind) {
    case 'link':
      return labelled(wording, row.label, [row.url]);
    case 'field':
      return labelled(
        wording,
        row.label,
        row.values.map((value) => isolated(value, wording)),
      );
    default:
      return [row.text];
  }
}

// Where the script runs from right to left an address gets its own line: programs that make links of addresses would take the
// isolating characters for a part of it.
function labelled({ row, direction }: Wording, label: string, values: readonly string[]): string[] {
  const [first = ''] = values;
  const inline = values.length === 1 && (direction === 'ltr' || !first.includes('://'));
  const line = row.replace('{label}', () => label).replace('{value}', () => (inline ? first : ''));
  return inline ? [line] : [line.trimEnd(), ...values];
}

function isolated(value: string, { direction }: Wording): string {
  return direction === 'rtl' ? LEFT_TO_RIGHT + value + ISOLATE_END : value;
}
