import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const SHOWN = 25;
/** Files that tell one process from another. */
const PROCESSES = [
  'commands/staging-appliance',
  'commands/staging-cloud',
  'bench/intake-server',
  'commands/run',
];

/** Lets every process that is started from now on write a CPU profile into the directory at its end. */
export function profileChildren(directory: string): void {
  process.env.NODE_OPTIONS = `--cpu-prof --cpu-prof-dir=${directory}`;
}

/** Of each profiled process of ours the functions with most time of their own, in percent of the time that was not idle. */
export function hottestFunctions(directory: string): string {
  const files = readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'));
  return files.flatMap((name) => tableOf(JSON.parse(readFileSync(join(directory, name), 'utf8')))).join('\n');
}

function tableOf(profile: Profile): string[] {
  const name = PROCESSES.find((part) => profile.nodes.some(({ callFrame }) => callFrame.url.includes(part)));
  if (name === undefined) return [];
  const times = selfTimes(profile);
  const busy = times.values().reduce((sum, ms) => sum + ms, 0);
  const lines = [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([frame, ms]) => `${((100 * ms) / busy).toFixed(1).padStart(6)} %  ${frame}`);
  return [`${name}: busy ${Math.round(busy)} ms`, ...lines, ''];
}

/** Milliseconds by function. */
function selfTimes({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, describe(callFrame)]));
  const times = new Map<string, number>();
  for (const [at, id] of samples.entries()) {
    const frame = frames.get(id) ?? '';
    if (frame !== '(idle)') times.set(frame, (times.get(frame) ?? 0) + (timeDeltas[at] ?? 0) / 1000);
  }
  return times;
}

function describe(frame: Profile['nodes'][number]['callFrame']): string {
  const file = frame.url.split('/').slice(-3).join('/');
  return file === ''
    ? frame.functionName
    : `${frame.functionName || '(anonymous)'} ${file}:${frame.lineNumber + 1}`;
}
