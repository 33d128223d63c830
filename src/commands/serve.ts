import { type Appliance, startAppliance } from '../appliance.ts';
import type { Clock } from '../domain/ports.ts';
import { type Config, formatProblems, loadConfigFile } from '../ops/config.ts';
import { EXIT } from '../ops/exit-codes.ts';
import { openLog } from '../ops/log.ts';
import { systemRandom } from '../ops/random.ts';
import { CONFIG_OPTION } from './command.ts';
import { parseCommandLine } from './command-line.ts';
import { failureOf } from './failure.ts';
import { complain } from './terminal.ts';

export const SERVE_OPTIONS = { config: CONFIG_OPTION } as const;

/** What a started appliance says to whoever started it. */
export interface Serving {
  readonly appliance: Appliance;
  readonly config: Config;
}

/** Reads `--config`, starts the appliance on the given clock. A number instead is the exit code of a start that failed. */
export async function serve(argv: readonly string[], clock: Clock): Promise<Serving | number> {
  const { values } = parseCommandLine(argv, SERVE_OPTIONS);
  const config = configOf(values.config);
  if (typeof config === 'number') return config;
  const log = openLog({ level: config.log.level, now: () => clock.now() });
  const credentialsDirectory = process.env.CREDENTIALS_DIRECTORY;
  try {
    const appliance = await startAppliance({
      config,
      clock,
      random: systemRandom(),
      log,
      credentialsDirectory,
    });
    return { appliance, config };
  } catch (thrown) {
    const failure = failureOf(thrown);
    if (failure === null) throw thrown;
    complain(failure.message);
    return failure.code;
  }
}

/** The checked configuration, or exit code 78 after all its problems were printed. */
export function configOf(file: string): Config | number {
  const loaded = loadConfigFile(file, process.env);
  if ('config' in loaded) return loaded.config;
  process.stderr.write(`${formatProblems(loaded.problems)}\n`);
  return EXIT.config;
}
