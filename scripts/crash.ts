/**
 * `npm run crash -- [--kills 50] [--changes 500] [--seed N] [--json]`: a whole installation, killed again and again under load. Ends
 * with 0 when nothing was lost, doubled, damaged, forgotten or late, with 1 when something was, with 2 when it was called wrongly.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { countBy, figures, reportText } from './crash/crash-report.ts';
import { crashRun } from './crash/crash-run.ts';
import type { Kill } from './crash/killer.ts';

const OPTIONS = {
  kills: { type: 'string', default: '50' },
  changes: { type: 'string', default: '500' },
  seed: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;
const EXIT = { kept: 0, broken: 1, usage: 2 } as const;
const MOST = 100_000;
const SEEDS = 2 ** 32;

function whole(name: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw new RangeError(`--${name} wants a whole number up to ${most}, not "${text}".`);
}

function readOptions() {
  const { values } = parseArgs({ options: OPTIONS });
  return {
    kills: whole('kills', values.kills, MOST),
    changes: whole('changes', values.changes, MOST),
    seed: values.seed === undefined ? randomInt(SEEDS) : whole('seed', values.seed, SEEDS - 1),
    json: values.json,
  };
}

async function main(): Promise<number> {
  const { json, ...options } = readOptions();
  // Said at once: a run that hangs can be played again, too.
  process.stderr.write(`seed ${options.seed}\n`);
  const progress = ({ target, firstLease, violations }: Kill, number: number): void => {
    const lease = firstLease === null ? '' : `, first job after ${firstLease.sinceStartMs} ms`;
    const wrong = Object.entries(countBy(violations.map(({ rule }) => rule)));
    const broken = wrong.map(([rule, count]) => `, ${count} ${rule}`).join('');
    process.stderr.write(`kill ${number} of ${options.kills}: the ${target}${lease}${broken}\n`);
  };
  const report = await crashRun({ ...options, progress });
  process.stdout.write(json ? `${JSON.stringify(figures(report))}\n` : reportText(report));
  return report.violations.length === 0 ? EXIT.kept : EXIT.broken;
}

function failed(thrown: unknown): number {
  process.stderr.write(`crash: ${thrown instanceof Error ? thrown.message : thrown}\n`);
  const usage = thrown instanceof RangeError || (thrown instanceof TypeError && 'code' in thrown);
  return usage ? EXIT.usage : EXIT.broken;
}

process.exitCode = await main().catch(failed);
