import { randomUUID } from 'node:crypto';
import { setTimeout as rest } from 'node:timers/promises';
import { Installation } from '../../test/system/installation.ts';
import { Outlook } from '../../test/system/outlook.ts';
import { ApplianceDatabase } from './appliance-database.ts';
import { ChangeMaker } from './change-maker.ts';
import { type Change, finalMeetings, planChanges } from './change-plan.ts';
import type { Violation } from './judge.ts';
import { type Kill, Killer } from './killer.ts';
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
  const violations = [...kills.flatMap((kill) => kill.violations), ...ended.more];
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
  for (let n = 0; n < options.kills; n += 1) {
    const share = (k: number) => Math.round((k * changes.length) / options.kills);
    bursts.push(burst(maker, changes.slice(share(n), share(n + 1)), random));
    await rest(random.unit() * ROUND_MS);
    const kill = await killer.kill(n % 2 === 0 ? 'appliance' : 'cloud');
    kills.push(kill);
    options.progress?.(kill, n + 1);
  }
  await Promise.all(bursts);
  const oracle = new Oracle({ installation, outlook, database, accounts, maker });
  return oracle.judge([...finalMeetings(changes).values()]);
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

function broken(thrown: unknown): Violation {
  const [what, ...more] = String(thrown instanceof Error ? thrown.message : thrown).split('\n');
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  return { rule: 'broken', what: `the run ended early: ${what}`, facts: { more, stack } };
}
