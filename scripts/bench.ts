/** Measures the product in real runs: a table, or one JSON object with flat names. `npm run bench -- --help` tells more. */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { change } from './bench/change.ts';
import { figureTable, rounded } from './bench/figure-table.ts';
import { intake } from './bench/intake.ts';
import { machineFacts } from './bench/machine.ts';
import type { Figures, Measure } from './bench/measure.ts';
import { hottestFunctions, profileChildren } from './bench/profile.ts';
import { sealRest } from './bench/seal-rest.ts';
import { sealWire } from './bench/seal-wire.ts';
import { start } from './bench/start.ts';

const MEASURES: readonly Measure[] = [sealWire, sealRest, intake, change, start];
const USAGE = `usage: npm run bench -- [--quick] [--json] [--only NAME] [--profile DIRECTORY]
  --quick    small sizes, 90 s at most
  --json     one JSON object instead of the table
  --only     one measure, by the beginning of its name: ${MEASURES.map((measure) => measure.name).join(', ')}
  --profile  keeps CPU profiles of the processes that are started, and prints their hottest functions
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const chosen = MEASURES.filter((measure) => measure.name.startsWith(values.only));
if (values.help || chosen.length === 0) {
  process.stderr.write(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  await bench();
}

async function bench(): Promise<void> {
  const profiles = values.profile === undefined ? null : resolve(values.profile);
  if (profiles !== null) {
    mkdirSync(profiles, { recursive: true });
    profileChildren(profiles);
  }
  let figures: Figures = {};
  for (const measure of chosen) {
    process.stderr.write(`${measure.name} …\n`);
    figures = { ...figures, ...(await measure.run({ quick: values.quick })) };
  }
  print({ ...figures, 'machine.sizes': values.quick ? 'quick' : 'full', ...machineFacts() });
  if (profiles !== null) process.stderr.write(hottestFunctions(profiles));
}

function print(figures: Figures): void {
  const plain = Object.entries(figures).map(([name, value]) => [
    name,
    typeof value === 'number' ? rounded(value) : value,
  ]);
  const text = values.json ? JSON.stringify(Object.fromEntries(plain)) : figureTable(figures);
  process.stdout.write(`${text}\n`);
}
