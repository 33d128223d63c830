/**
 * Decides how to join 100 kB of hostile invitation, each case alone, and shows how long that takes. Ends with 1 when one takes
 * longer than it may. The best of several runs counts, by the time of the processor: what is measured is the program, not its
 * neighbours on the machine. The time of the clock stands beside it.
 */
import { readInvitation } from '../src/domain/invitation-file/invitation-file.ts';
import { builtInRules } from '../src/domain/join-target/built-in-rules.ts';
import { decideJoinTarget } from '../src/domain/join-target/join-target.ts';
import { HOSTILE_CASES, type HostileCase } from './hostile/cases.ts';

const MOST_MS = 50;
const RUNS = 5;
const RULES = builtInRules();

interface Run {
  readonly processorMs: number;
  readonly clockMs: number;
  readonly winner: string;
}

async function once({ type, content }: HostileCase): Promise<Run> {
  const bytes = new TextEncoder().encode(content);
  const [from, used] = [performance.now(), process.threadCpuUsage()];
  const invitation = await readInvitation(type, bytes);
  const decision = invitation === null ? null : decideJoinTarget(invitation, RULES);
  const { user, system } = process.threadCpuUsage(used);
  const winner = decision?.winner?.provider ?? 'none';
  return { processorMs: (user + system) / 1000, clockMs: performance.now() - from, winner };
}

async function best(one: HostileCase): Promise<Run> {
  const runs: Run[] = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await once(one));
  return runs.reduce((a, b) => (b.processorMs < a.processorMs ? b : a));
}

function line(one: HostileCase, { processorMs, clockMs, winner }: Run): string {
  const size = `${Math.round(one.content.length / 1000)} kB`.padStart(7);
  const times = [processorMs, clockMs].map((ms) => `${ms.toFixed(1)} ms`.padStart(10)).join('');
  return `${one.name.padEnd(44)}${size}${times}  ${winner.padEnd(8)}${processorMs > MOST_MS ? '  TOO SLOW' : ''}`;
}

let slow = 0;
process.stdout.write(`${'case'.padEnd(44)}   size processor     clock  winner\n`);
for (const one of HOSTILE_CASES) {
  const run = await best(one);
  if (run.processorMs > MOST_MS) slow += 1;
  process.stdout.write(`${line(one, run)}\n`);
}
process.stdout.write(`${HOSTILE_CASES.length} cases, ${slow} over ${MOST_MS} ms\n`);
process.exitCode = slow === 0 ? 0 : 1;
