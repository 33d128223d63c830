import { randomUUID } from 'node:crypto';
import { setTimeout as rest } from 'node:timers/promises';
import { Installation } from '../../test/system/installation.ts';
import { Outlook } from '../../test/system/outlook.ts';
import { ApplianceDatabase } from './appliance-database.ts';
import { ChangeMaker } from './change-maker.ts';
import { type Change, finalMeetings, planChanges } from './change-plan.ts';
import type { Violation } from './judge.ts';
import { type Kill, Killer, type Target } from './killer.ts';
import { Oracle, type Verdict } from './oracle.ts';
import { SeededRandom } from './seeded-random.ts';
import { SteadfastOutlook } from './steadfast-outlook.ts';

export interface CrashOptions {
  readonly kills: number;
  readonly changes: number;
  /** Decides the changes and the moments of the kills. */
  readonly seed: number;
  /** Told after every kill. */
  readonly progress?: (kill: Kill, number: number) => void;
}

export interface CrashReport {
  readonly seed: number;
  readonly seconds: number;
  readonly changes: readonly Change[];
  readonly kills: readonly Kill[];
  /** Null when the run could not be brought to its end. */
  readonly verdict: Verdict | null;
  /** Of the kills and of the verdict; none is the promise kept. */
  readonly violations: readonly Violation[];
  /** The last lines of the installation, and where its files were left; only with violations. */
  readonly evidence: { readonly lines: readonly string[]; readonly directory: string } | null;
}

/** The changes that belong to one kill are made within this time, and the kill comes at a random moment of it. */
const ROUND_MS = 1_000;
/** Far below what a directory of people makes in the real service, but enough to be in the middle of something always. */
const DISORDER = { duplicate: 0.05, reorder: 0.05 };
const LINES = 60;
const BOTH_SHARE = 0.3;
const BOTH_WITHIN_MS = 800;
const AGAIN_SHARE = 0.3;
/** A start takes about this long. */
const AGAIN_WITHIN_MS = 1_000;

/**
 * A real installation under load whose processes are killed in turn, appliance and cloud; in the end everything is compared with
 * the simulated calendars. Violations are values; what can't be brought to its end is one too.
 */
export async function crashRun(options: CrashOptions): Promise<CrashReport> {
  const started = performance.now();
  const random = new SeededRandom(options.seed);
  const installation = await Installation.start();
  const { users, rooms } = installation.facts;
  const changes = planChanges(random, options.changes, { people: users.length, rooms: rooms.length });
  const kills: Kill[] = [];
  const verdict = await play(installation, changes, random, options, kills).catch(
    (thrown: unknown): Violation => broken(thrown),
  );
  const ended =
    'rule' in verdict ? { verdict: null, more: [verdict] } : { verdict, more: verdict.violations };
  const violations = eachOnce([...kills.flatMap((kill) => kill.violations), ...ended.more]);
  const lines = installation.output.slice(-LINES);
  const guilty = violations.length > 0;
  await installation.stop({ keepFiles: guilty });
  const seconds = (performance.now() - started) / 1000;
  const evidence = guilty ? { lines, directory: installation.directory } : null;
  return { seed: options.seed, seconds, changes, kills, verdict: ended.verdict, violations, evidence };
}

async function play(
  installation: Installation,
  changes: readonly Change[],
  random: SeededRandom,
  options: CrashOptions,
  kills: Kill[],
): Promise<Verdict> {
  const { users, rooms, applianceDir, controlUrl } = installation.facts;
  const outlook = new SteadfastOutlook(await Outlook.signIn(installation));
  const accounts = [...users, ...rooms];
  const midnight = Math.ceil(Date.now() / 86_400_000) * 86_400_000;
  const maker = new ChangeMaker(outlook, accounts, midnight, { uuid: randomUUID });
  const database = new ApplianceDatabase(applianceDir);
  const killer = new Killer(installation, database);
  const json = { 'content-type': 'application/json' };
  await installation.call('POST', `${controlUrl}/graph/disorder`, json, JSON.stringify(DISORDER));
  const bursts: Promise<void>[] = [];
  const last = changes.length - 1;
  const share = (n: number) => Math.round((n * last) / Math.max(1, options.kills));
  for (const round of planRounds(random, options.kills)) {
    const from = kills.length;
    const made = burst(maker, changes.slice(share(from), share(from + round.length)), random);
    // Waited for in the end; until then a failure must not end this process and leave the installation alone.
    made.catch(() => undefined);
    bursts.push(made);
    const killing = round.map(async ({ target, afterMs, againAfterMs }) => {
      await rest(afterMs);
      const kill = await killer.kill(target, againAfterMs);
      kills.push(kill);
      options.progress?.(kill, kills.length);
    });
    await Promise.all(killing);
  }
  // Without a kill everything is one burst. The last change waits until nothing dies any more.
  bursts.push(burst(maker, changes.slice(share(kills.length), last), random));
  await Promise.all(bursts);
  await burst(maker, changes.slice(last), random);
  const oracle = new Oracle({ installation, outlook, database, accounts, maker });
  return oracle.judge([...finalMeetings(changes).values()]);
}

interface PlannedKill {
  readonly target: Target;
  /** From the beginning of the round. */
  readonly afterMs: number;
  /** From the birth of the process that follows; null when it is left alive. */
  readonly againAfterMs: number | null;
}

/** Appliance and cloud in turn; now and then the appliance dies while the cloud is not back yet, or one dies again as it starts. */
function planRounds(random: SeededRandom, kills: number): PlannedKill[][] {
  const rounds: PlannedKill[][] = [];
  for (let n = 0; n < kills; n += 1) {
    const planned = {
      target: n % 2 === 0 ? 'appliance' : 'cloud',
      afterMs: random.unit() * ROUND_MS,
      againAfterMs: random.unit() < AGAIN_SHARE ? random.unit() * AGAIN_WITHIN_MS : null,
    } as const;
    const before = rounds.at(-1)?.at(-1);
    if (before?.target === 'cloud' && random.unit() < BOTH_SHARE)
      rounds.at(-1)?.push({ ...planned, afterMs: before.afterMs + random.unit() * BOTH_WITHIN_MS });
    else rounds.push([planned]);
  }
  return rounds;
}

/** Makes the changes spread over the round; nobody waits for anybody else's. */
async function burst(maker: ChangeMaker, changes: readonly Change[], random: SeededRandom): Promise<void> {
  const moments = changes.map(() => random.unit() * ROUND_MS).sort((a, b) => a - b);
  const made = changes.map(async (change, n) => {
    await rest(moments[n] ?? 0);
    await maker.make(change);
  });
  await Promise.all(made);
}

/** What is missing after one kill is missing after the next one too. */
function eachOnce(violations: readonly Violation[]): Violation[] {
  return [...new Map(violations.map((violation) => [JSON.stringify(violation), violation])).values()];
}

function broken(thrown: unknown): Violation {
  const [what, ...more] = String(thrown instanceof Error ? thrown.message : thrown).split('\n');
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  return { rule: 'broken', what: `the run ended early: ${what}`, facts: { more, stack } };
}
