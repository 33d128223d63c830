/**
 * `npm run day -- [--people 50] [--rooms 10] [--meetings 300] [--hours 10] [--speed 60] [--seed N] [--json]`: a day in the life of a
 * company, played fast against a real installation: meetings, moves, cancellations, answers, out of office, three restarts and an
 * hour without Webex. Ends with 0 when every list is its calendar, no reminder was missing, doubled or late, and presence was
 * right; with 1 when not, with 2 when it was called wrongly.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type DayReport, runDay } from './day/run.ts';

const OPTIONS = {
  people: { type: 'string', default: '50' },
  rooms: { type: 'string', default: '10' },
  meetings: { type: 'string', default: '300' },
  hours: { type: 'string', default: '10' },
  speed: { type: 'string', default: '60' },
  seed: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;
const EXIT = { kept: 0, broken: 1, usage: 2 } as const;
const SEEDS = 2 ** 32;
const SHOWN = 20;

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new RangeError(`--${name} wants a whole number from ${least} to ${most}, not "${text}".`);
}

function reportText({ seconds, happenings, reminders, listed, violations }: DayReport): string {
  const kinds = Object.entries(happenings).map(([kind, count]) => `${count} ${kind}`);
  const lines = [
    `${kinds.join(', ')}; ${reminders} reminders told, ${listed} meetings in the lists; ${seconds.toFixed(0)} s`,
    ...violations.slice(0, SHOWN).map(({ rule, what, facts }) => `${rule}: ${what} ${JSON.stringify(facts)}`),
    violations.length === 0 ? 'Everything as it should be.' : `${violations.length} faults`,
  ];
  return `${lines.join('\n')}\n`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  const seed = values.seed === undefined ? randomInt(SEEDS) : whole('seed', values.seed, 0, SEEDS - 1);
  const say = (line: string): boolean => process.stderr.write(`${line}\n`);
  const options = {
    crowd: {
      people: whole('people', values.people, 8, 5_000),
      rooms: whole('rooms', values.rooms, 3, 1_000),
    },
    meetings: whole('meetings', values.meetings, 1, 20_000),
    minutes: whole('hours', values.hours, 2, 16) * 60,
    speed: whole('speed', values.speed, 1, 600),
    seed,
    say,
  };
  say(`seed ${seed}`);
  const report = await runDay(options);
  process.stdout.write(values.json ? `${JSON.stringify({ seed, ...report })}\n` : reportText(report));
  return report.violations.length === 0 ? EXIT.kept : EXIT.broken;
}

function failed(thrown: unknown): number {
  process.stderr.write(`day: ${thrown instanceof Error ? thrown.message : thrown}\n`);
  const usage = thrown instanceof RangeError || (thrown instanceof TypeError && 'code' in thrown);
  return usage ? EXIT.usage : EXIT.broken;
}

process.exitCode = await main().catch(failed);
