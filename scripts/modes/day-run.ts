import type { Violation } from '../crash/judge.ts';
import type { DayChange } from './day-plan.ts';
import { DayPlayer } from './day-player.ts';
import { type DayVerdict, dayVerdict } from './day-verdict.ts';
import { LASTING } from './lasting-trouble.ts';
import { SteeredInstallation, type SyncMode } from './steered-installation.ts';
import { TRANSIENT } from './transient-trouble.ts';

/** One day in one mode, or in several one after the other. */
export interface DayOptions {
  readonly name: string;
  readonly modes: readonly [SyncMode, ...SyncMode[]];
  readonly changes: readonly DayChange[];
  /** Of the misbehaviours' chances. */
  readonly seed: number;
  readonly say: (line: string) => void;
}

export interface DayReport {
  readonly name: string;
  readonly seconds: number;
  /** Null when the day could not be brought to its end. */
  readonly verdict: DayVerdict | null;
  readonly violations: readonly Violation[];
  /** The last lines of the installation, and where its files were left; only with violations. */
  readonly evidence: { readonly lines: readonly string[]; readonly directory: string } | null;
}

const DAY_MS = 86_400_000;
const LINES = 60;
/** So many times as fast as real time: most of a bad day is waiting for the next try. */
const SPEED = 4;

/** Plays the changes against a real installation whose Graph misbehaves all the time, and compares everything in the end. */
export async function dayRun(options: DayOptions): Promise<DayReport> {
  const started = performance.now();
  const base = Math.ceil(Date.now() / DAY_MS) * DAY_MS;
  const day = await SteeredInstallation.start(options.modes[0]);
  const verdict = await playAndJudge(day, options, base).catch(brokenOff);
  const violations = 'rule' in verdict ? [verdict] : verdict.violations;
  const guilty = violations.length > 0;
  const { installation } = day;
  const lines = installation.output.slice(-LINES);
  await installation.stop({ keepFiles: guilty });
  return {
    name: options.name,
    seconds: (performance.now() - started) / 1000,
    verdict: 'rule' in verdict ? null : verdict,
    violations,
    evidence: guilty ? { lines, directory: installation.directory } : null,
  };
}

async function playAndJudge(
  day: SteeredInstallation,
  options: DayOptions,
  base: number,
): Promise<DayVerdict> {
  await day.control('POST', '/clock', { speed: SPEED });
  await day.control('PUT', '/graph/misbehaviour/seed', { seed: options.seed });
  for (const order of TRANSIENT) await day.control('POST', '/graph/misbehaviour', order);
  await play(day, new DayPlayer(day, base), options);
  return dayVerdict(day, base, options.say);
}

/** What happens besides the changes, by how many of them were made before. */
async function play(day: SteeredInstallation, player: DayPlayer, options: DayOptions): Promise<void> {
  const { changes, modes, name, say } = options;
  const at = (share: number): number => Math.floor(share * changes.length);
  const between = Map.groupBy(
    [
      ...LASTING.flatMap((trouble) => [
        { after: at(trouble.from), act: () => begin(day, trouble) },
        { after: at(trouble.to), act: () => trouble.lift(day) },
      ]),
      ...modes.slice(1).map((mode, n) => ({
        after: at((n + 1) / modes.length),
        act: () => day.changeMode(mode),
      })),
    ],
    ({ after }) => after,
  );
  for (const [n, change] of changes.entries()) {
    for (const { act } of between.get(n) ?? []) await act();
    await player.make(change);
    if ((n + 1) % 250 === 0) say(`${name}: ${n + 1} of ${changes.length} changes made`);
  }
}

async function begin(day: SteeredInstallation, trouble: (typeof LASTING)[number]): Promise<void> {
  await trouble.begin(day);
  await day.installation.until(() => trouble.noticed(day), 60_000);
}

function brokenOff(thrown: unknown): Violation {
  const [what, ...more] = String(thrown instanceof Error ? thrown.message : thrown).split('\n');
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  return { rule: 'broken', what: `the day ended early: ${what}`, facts: { more, stack } };
}
