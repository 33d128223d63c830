/**
 * Decides how to join 100 kB of hostile invitation, each case alone, and shows how long that takes. Ends with 1 when one takes
 * longer than it may. The best of three runs counts: what is measured is the program, not its neighbours on the machine.
 */

import { readInvitation } from '../src/domain/invitation-file/invitation-file.ts';
import { builtInRules } from '../src/domain/join-target/built-in-rules.ts';
import { decideJoinTarget } from '../src/domain/join-target/join-target.ts';
import { HOSTILE_CASES, type HostileCase } from './hostile/cases.ts';

const MOST_MS = 50;
const RUNS = 3;
const RULES = builtInRules();

async function once({ type, content }: HostileCase): Promise<{ ms: number; winner: string }> {
  const bytes = new TextEncoder().encode(content);
  const from = performance.now();
  const invitation = await readInvitation(type, bytes);
  const decision = invitation === null ? null : decideJoinTarget(invitation, RULES);
  return { ms: performance.now() - from, winner: decision?.winner?.provider ?? 'none' };
}

async function best(one: HostileCase): Promise<{ ms: number; winner: string }> {
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await once(one));
  return runs.reduce((a, b) => (b.ms < a.ms ? b : a));
}

let slow = 0;
for (const one of HOSTILE_CASES) {
  const { ms, winner } = await best(one);
  if (ms > MOST_MS) slow += 1;
  const mark = ms > MOST_MS ? 'TOO SLOW' : '';
  const size = Math.round(one.content.length / 1000);
  process.stdout.write(
    `${one.name.padEnd(48)} ${String(size).padStart(5)} kB ${ms.toFixed(1).padStart(8)} ms  ${winner.padEnd(12)} ${mark}\n`,
  );
}
process.stdout.write(`${HOSTILE_CASES.length} cases, ${slow} over ${MOST_MS} ms\n`);
process.exitCode = slow === 0 ? 0 : 1;
