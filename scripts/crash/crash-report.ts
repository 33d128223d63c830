import type { CrashReport } from './crash-run.ts';
import type { Violation } from './judge.ts';
import { FIRST_LEASE_LIMIT_MS, type Kill } from './killer.ts';

/** The figures of a run, for programs. */
export function figures(report: CrashReport) {
  const { seed, seconds, kills, verdict, violations, evidence } = report;
  const leases = kills.flatMap(({ firstLeaseMs }) => firstLeaseMs ?? []).sort((a, b) => a - b);
  const of = (target: Kill['target']) => kills.filter((kill) => kill.target === target).length;
  const { violations: _listed, ...counted } = verdict ?? { violations: [] };
  return {
    ok: violations.length === 0,
    seed,
    seconds: Math.round(seconds * 10) / 10,
    changes: Object.fromEntries(
      [...Map.groupBy(report.changes, kindOf)].map(([kind, ofKind]) => [kind, ofKind.length]),
    ),
    kills: { appliance: of('appliance'), cloud: of('cloud') },
    jobsUnderWay: kills.reduce((sum, { jobsUnderWay }) => sum + jobsUnderWay, 0),
    firstLeaseMs: { median: leases[Math.floor(leases.length / 2)] ?? null, worst: leases.at(-1) ?? null },
    ...counted,
    violations,
    evidence,
  };
}

/** The same for people. */
export function reportText(report: CrashReport): string {
  const f = figures(report);
  const { verdict } = report;
  const kinds = Object.entries(f.changes).map(([kind, count]) => `${count} ${kind}`);
  const broken = (...rules: Violation['rule'][]) =>
    report.violations.filter(({ rule }) => rules.includes(rule)).length;
  const rows: (readonly [string, string])[] = [
    ['changes', `${report.changes.length}: ${kinds.join(', ')}`],
    [
      'kills',
      `${f.kills.appliance} of the appliance (in the middle of ${f.jobsUnderWay} jobs), ${f.kills.cloud} of the cloud`,
    ],
    [
      'lost',
      `${broken('lost', 'unsettled')}   ${verdict?.lists ?? 0} lists with ${verdict?.listed ?? 0} meetings opened and compared`,
    ],
    [
      'doubled',
      `${broken('doubled')}   ${verdict?.writes ?? 0} writes to calendars, ${verdict?.deliveries ?? 0} deliveries`,
    ],
    ['corrupt', `${broken('corrupt')}   integrity_check after every kill`],
    [
      'forgotten',
      `${broken('forgotten')}   ${verdict?.acknowledged ?? 0} acknowledged notifications looked for in the database`,
    ],
    [
      'first job',
      `${f.firstLeaseMs.median} ms after the start (median), ${f.firstLeaseMs.worst} ms (worst), limit ${FIRST_LEASE_LIMIT_MS} ms`,
    ],
    ['time', `${f.seconds} s, settled ${verdict?.settledSeconds.toFixed(1) ?? '?'} s after the last change`],
  ];
  const table = rows.map(([name, text]) => `  ${name.padEnd(10)} ${text}`).join('\n');
  const head = `${f.ok ? 'kept' : 'BROKEN'}: the promises over ${report.kills.length} kills, seed ${report.seed}`;
  return `${head}\n${table}\n${violationText(report)}`;
}

function violationText({ violations, evidence }: CrashReport): string {
  if (evidence === null) return '';
  const each = violations.map(
    ({ rule, what, facts }) => `${rule}: ${what}\n${JSON.stringify(facts, null, 2)}`,
  );
  return `\n${each.join('\n')}\n\nthe last lines:\n${evidence.lines.join('\n')}\n\nthe files are left in ${evidence.directory}\n`;
}

function kindOf(change: CrashReport['changes'][number]): string {
  return change.kind === 'create' ? `create (${change.joining})` : change.kind;
}
