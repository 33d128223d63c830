/**
 * `npm run modes -- [--changes 2000] [--seed N] [--json]`: the same day of changes in each mode of `sync.mode`, and in one whose mode
 * changes twice, while Graph does everything wrong that it is known for. Ends with 0 when every list is its calendar and the same
 * in all of them, with 1 when not, with 2 when it was called wrongly.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { SeededRandom } from './crash/seeded-random.ts';
import { planDay } from './modes/day-plan.ts';
import { type DayReport, dayRun } from './modes/day-run.ts';
import { comparison, reportText } from './modes/mode-report.ts';
import type { SyncMode } from './modes/steered-installation.ts';

const OPTIONS = {
  changes: { type: 'string', default: '2000' },
  seed: { type: 'string' },
  only: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;
const EXIT = { kept: 0, broken: 1, usage: 2 } as const;
const MOST = 100_000;
const SEEDS = 2 ** 32;
/** People and rooms of a staged installation. */
const ACCOUNTS = { people: 8, rooms: 3 };

const DAYS: Readonly<Record<string, readonly [SyncMode, ...SyncMode[]]>> = {
  webhook: ['webhook'],
  delta: ['delta'],
  auto: ['auto'],
  changed: ['webhook', 'delta', 'auto'],
};

function whole(name: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw new RangeError(`--${name} wants a whole number up to ${most}, not "${text}".`);
}

function daysOf(only: string | undefined): [string, readonly [SyncMode, ...SyncMode[]]][] {
  const days = Object.entries(DAYS).filter(([name]) => only === undefined || name === only);
  if (days.length > 0) return days;
  throw new RangeError(`--only wants one of ${Object.keys(DAYS).join(', ')}, not "${only}".`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  const count = whole('changes', values.changes, MOST);
  const seed = values.seed === undefined ? randomInt(SEEDS) : whole('seed', values.seed, SEEDS - 1);
  const say = (line: string): boolean => process.stderr.write(`${line}\n`);
  // Said at once: a run that hangs can be played again, too.
  say(`seed ${seed}`);
  const changes = planDay(new SeededRandom(seed), count, ACCOUNTS);
  const reports: DayReport[] = [];
  for (const [name, modes] of daysOf(values.only))
    reports.push(await dayRun({ name, modes, changes, seed, say }));
  const differences = comparison(reports);
  const report = { seed, changes: count, reports, differences };
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : reportText(report));
  const kept = differences.length === 0 && reports.every(({ violations }) => violations.length === 0);
  return kept ? EXIT.kept : EXIT.broken;
}

function failed(thrown: unknown): number {
  process.stderr.write(`modes: ${thrown instanceof Error ? thrown.message : thrown}\n`);
  const usage = thrown instanceof RangeError || (thrown instanceof TypeError && 'code' in thrown);
  return usage ? EXIT.usage : EXIT.broken;
}

process.exitCode = await main().catch(failed);
