import type { CrashReport } from './crash-run.ts';
import type { Violation } from './judge.ts';
import { FIRST_LEASE_LIMIT_MS, type Kill } from './killer.ts';

/** The figures of a run, for programs. */
export function figures(report: CrashReport) {
  const { seed, seconds, kills, verdict, violations, evidence } = report;
  const leases = kills.flatMap(({ firstLease }) => firstLease ?? []);
  const of = (target: Kill['target']) => kills.filter((kill) => kill.target === target).length;
  const { violations: _counted, ...counts } = verdict ?? { violations: [] };
  return {
    ok: violations.length === 0,
    seed,
    seconds: Math.round(seconds * 10) / 10,
    changes: countBy(report.changes.map(kindOf)),
    kills: { appliance: of('appliance'), cloud: of('cloud') },
    killsDuringStart: kills.filter(({ again }) => again).length,
    jobsUnderWay: kills.reduce((sum, { jobsUnderWay }) => sum + jobsUnderWay, 0),
    firstLeaseMs: spread(leases.map(({ sinceStartMs }) => sinceStartMs)),
    firstLeaseUnhinderedMs: spread(leases.map(({ unhinderedMs }) => unhinderedMs)),
    ...counts,
    broken: countBy(violations.map(({ rule }) => rule)),
    violations,
    evidence,
  };
}

/** The same for people. */
export function reportText(report: CrashReport): string {
  const head = report.violations.length === 0 ? 'kept' : 'BROKEN';
  const table = rowsOf(report).map(([name, text]) => `  ${name.padEnd(10)} ${text}\n`);
  const title = `${head}: the promises over ${report.kills.length} kills, seed ${report.seed}\n`;
  return `${title}${table.join('')}${violationText(report)}`;
}

function rowsOf(report: CrashReport): (readonly [string, string])[] {
  const f = figures(report);
  const broken = (...rules: Violation['rule'][]) =>
    rules.reduce((sum, rule) => sum + (f.broken[rule] ?? 0), 0);
  const kinds = Object.entries(f.changes).map(([kind, count]) => `${count} ${kind}`);
  const v = { lists: 0, listed: 0, writes: 0, deliveries: 0, acknowledged: 0, ...report.verdict };
  return [
    ['changes', `${report.changes.length}: ${kinds.join(', ')}`],
    [
      'kills',
      `${f.kills.appliance} of the appliance (in the middle of ${f.jobsUnderWay} jobs), ${f.kills.cloud} of the cloud; ${f.killsDuringStart} once more during the start`,
    ],
    [
      'lost',
      `${broken('lost', 'unsettled')} in ${v.lists} lists with ${v.listed} meetings, opened and compared`,
    ],
    ['doubled', `${broken('doubled')} in ${v.writes} writes to calendars and ${v.deliveries} deliveries`],
    ['forgotten', `${broken('forgotten')} of ${v.acknowledged} acknowledged notifications`],
    ['corrupt', `${broken('corrupt')} integrity checks failed`],
    ['late', `${broken('late')} of the starts: ${leaseText(f.firstLeaseMs, f.firstLeaseUnhinderedMs)}`],
    ['time', `${f.seconds} s, right ${f.settledSeconds?.toFixed(1) ?? '–'} s after the last change`],
  ];
}

function leaseText(all: Spread | null, unhindered: Spread | null): string {
  if (all === null || unhindered === null) return 'there were none';
  return (
    `first job after ${all.median} ms (median), ${all.worst} ms at worst; without the waits for a processor ` +
    `${unhindered.median} and ${unhindered.worst} ms, limit ${FIRST_LEASE_LIMIT_MS} ms`
  );
}

const SHOWN = 20;

function violationText({ violations, evidence }: CrashReport): string {
  if (evidence === null) return '';
  const each = violations
    .slice(0, SHOWN)
    .map(({ rule, what, facts }) => `${rule}: ${what}\n${JSON.stringify(facts, null, 2)}`);
  if (violations.length > SHOWN) each.push(`and ${violations.length - SHOWN} more: --json shows them all`);
  const lines = evidence.lines.join('\n');
  return `\n${each.join('\n')}\n\nthe last lines:\n${lines}\n\nthe files are left in ${evidence.directory}\n`;
}

interface Spread {
  readonly median: number;
  readonly worst: number;
}

function spread(values: readonly number[]): Spread | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [median, worst] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return median === undefined || worst === undefined ? null : { median, worst };
}

/** How many there are of each word. */
export function countBy(words: readonly string[]): Partial<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length]));
}

function kindOf(change: CrashReport['changes'][number]): string {
  return change.kind === 'create' ? `create (${change.joining})` : change.kind;
}
