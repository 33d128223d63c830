import { type Appliance, startAppliance } from '../appliance.ts';
import type { Clock } from '../domain/ports.ts';
import type { Config } from '../ops/config.ts';
import { openLog } from '../ops/log.ts';
import { systemRandom } from '../ops/random.ts';
import { CONFIG_ONLY } from './command.ts';
import { parseCommandLine } from './command-line.ts';
import { configOf } from './config-file.ts';
import { failureOf } from './failure.ts';
import { complain } from './terminal.ts';

/** What a started appliance says to whoever started it. */
export interface Serving {
  readonly appliance: Appliance;
  readonly config: Config;
}

/** Reads `--config`, starts the appliance on the given clock. A number instead is the exit code of a start that failed. */
export async function serve(argv: readonly string[], clock: Clock): Promise<Serving | number> {
  const { values } = parseCommandLine(argv, CONFIG_ONLY);
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
      uptimeMs: () => process.uptime() * 1000,
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
