import { parseArgs } from 'node:util';
import { type Appliance, startAppliance } from '../appliance.ts';
import { AppError } from '../domain/app-error.ts';
import type { Clock } from '../domain/ports.ts';
import { type Config, formatProblems, loadConfigFile } from '../ops/config.ts';
import { EXIT } from '../ops/exit-codes.ts';
import { openLog } from '../ops/log.ts';
import { systemRandom } from '../ops/random.ts';

/** What a started appliance says to whoever started it. */
export interface Serving {
  readonly appliance: Appliance;
  readonly config: Config;
}

/** Reads `--config`, starts the appliance on the given clock. A number instead is the exit code of a start that failed. */
export async function serve(argv: readonly string[], clock: Clock): Promise<Serving | number> {
  const { values } = parseArgs({ args: [...argv], options: { config: { type: 'string' } } });
  const config = configOf(values.config ?? 'appliance.config.toml');
  if (typeof config === 'number') return config;
  const log = openLog({ level: config.log.level, now: () => clock.now() });
  const credentialsDirectory = process.env.CREDENTIALS_DIRECTORY;
  try {
    const appliance = await startAppliance({
      config,
      clock,
      random: systemRandom(),
      log,
      uptimeMs: () => process.uptime() * 1000,
      credentialsDirectory,
    });
    return { appliance, config };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    process.stderr.write(`hybrid-calendar: ${thrown.message}\n`);
    return exitCodeOf(thrown);
  }
}

/** The checked configuration, or exit code 78 after all its problems were printed. */
export function configOf(file: string): Config | number {
  const loaded = loadConfigFile(file, process.env);
  if ('config' in loaded) return loaded.config;
  process.stderr.write(`${formatProblems(loaded.problems)}\n`);
  return EXIT.config;
}

function exitCodeOf(error: AppError): number {
  if (error.reason === 'ALREADY_RUNNING') return EXIT.temporary;
  if (error.code === 'invalid') return EXIT.config;
  if (error.code === 'tampered') return EXIT.io;
  return error.code === 'unavailable' ? EXIT.unavailable : EXIT.internal;
}
