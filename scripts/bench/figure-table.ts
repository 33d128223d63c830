import type { Figures } from './measure.ts';

interface Aim {
  readonly words: string;
  readonly reached: (value: number) => boolean;
}

const atLeast = (limit: number): Aim => ({ words: `≥ ${limit}`, reached: (value) => value >= limit });
const below = (limit: number): Aim => ({ words: `< ${limit}`, reached: (value) => value < limit });

/** What the product promises itself. */
const AIMS: Readonly<Record<string, Aim>> = {
  'seal.wire_ratio_vs_node_jose': atLeast(15),
  'seal.rest_ratio_vs_raw': atLeast(0.6),
  'intake.ratio_vs_no_store': atLeast(0.5),
  'intake.p99_ms': below(50),
  'change.p99_ms': below(1_000),
};

/** One line a figure: name, value, aim and whether it was reached. */
export function figureTable(figures: Figures): string {
  const rows = Object.entries(figures).map(([name, value]) => [name, shown(value), verdict(name, value)]);
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return rows
    .map(([name = '', value = '', aim = '']) =>
      `${name.padEnd(width)}  ${value.padStart(12)}  ${aim}`.trimEnd(),
    )
    .join('\n');
}

/** Three significant digits are all that a shared machine can promise. */
export function rounded(value: number): number {
  return Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(3));
}

function shown(value: number | string): string {
  return typeof value === 'number' ? rounded(value).toLocaleString('en') : value;
}

function verdict(name: string, value: number | string): string {
  const aim = AIMS[name];
  if (aim === undefined || typeof value !== 'number') return '';
  return `${aim.words} ${aim.reached(value) ? '✓' : '✗'}`;
}
