import type { Violation } from '../crash/judge.ts';
import type { DayReport } from './day-run.ts';

export interface ModesReport {
  readonly seed: number;
  readonly changes: number;
  readonly reports: readonly DayReport[];
  readonly differences: readonly Violation[];
}

const SHOWN = 10;

/** Lists that are not the same in two days of the same plan. */
export function comparison(reports: readonly DayReport[]): Violation[] {
  const [first, ...others] = reports;
  if (first === undefined) return [];
  return others.flatMap((other) => {
    const accounts = Object.keys(first.verdict?.lists ?? {});
    return accounts.flatMap((address): Violation[] => {
      const [ours, theirs] = [listOf(first, address), listOf(other, address)];
      const only = (one: readonly string[], another: readonly string[]) =>
        one.filter((line) => !another.includes(line));
      const facts = { address, [first.name]: only(ours, theirs), [other.name]: only(theirs, ours) };
      const what = `the list of one mailbox is not the same in ${first.name} and ${other.name}`;
      return ours.join('\n') === theirs.join('\n') ? [] : [{ rule: 'lost', what, facts }];
    });
  });
}

function listOf({ verdict }: DayReport, address: string): readonly string[] {
  return verdict?.lists[address] ?? [];
}

/** What people read of it. */
export function reportText({ seed, changes, reports, differences }: ModesReport): string {
  const broken = [...reports.flatMap(({ violations }) => violations), ...differences];
  const head = broken.length === 0 ? 'kept' : 'BROKEN';
  const rows = reports.map((report) => `  ${report.name.padEnd(8)} ${rowOf(report)}\n`);
  const each = broken
    .slice(0, SHOWN)
    .map(({ rule, what, facts }) => `${rule}: ${what}\n${JSON.stringify(facts, null, 2)}\n`);
  if (broken.length > SHOWN) each.push(`and ${broken.length - SHOWN} more: --json shows them all\n`);
  const title = `${head}: a day of ${changes} changes in each mode, seed ${seed}\n`;
  return [title, ...rows, ...each, ...reports.flatMap(evidenceOf)].join('');
}

function rowOf({ seconds, verdict }: DayReport): string {
  if (verdict === null) return `${seconds.toFixed(0)} s, not brought to its end`;
  const { listed, writes, settledSeconds, jumpedMinutes, struck } = verdict;
  const strikes = Object.values(struck).reduce((sum, times) => sum + times, 0);
  return (
    `${listed} meetings in the lists, ${writes} writes, ${strikes} times something went wrong; ` +
    `${seconds.toFixed(0)} s, right ${settledSeconds.toFixed(1)} s after the last change ` +
    `with the clock put forward by ${jumpedMinutes} min`
  );
}

function evidenceOf({ name, evidence }: DayReport): string[] {
  if (evidence === null) return [];
  return [
    `\n${name}, the last lines:\n${evidence.lines.join('\n')}\nthe files are left in ${evidence.directory}\n`,
  ];
}
