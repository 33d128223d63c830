import { type Appliance, startAppliance } from '../appliance.ts';
import type { Clock } from '../domain/ports.ts';
import { EXIT } from '../ops/exit-codes.ts';
import { untilStopped } from '../ops/lifecycle.ts';
import { openLog } from '../ops/log.ts';
import { systemRandom } from '../ops/random.ts';
import { CONFIG_ONLY } from './command.ts';
import { parseCommandLine } from './command-line.ts';
import { configOf } from './config-file.ts';
import { failureOf } from './failure.ts';
import { complain } from './terminal.ts';

/**
 * Starts the appliance, tells `started`, and runs it until SIGTERM or SIGINT; returns the exit code. Signals are answered from
 * the first moment: one that comes during the start ends the appliance in order as soon as it has started.
 */
export async function serve(
  argv: readonly string[],
  clock: Clock,
  started: (appliance: Appliance) => void = () => {},
): Promise<number> {
  const starting = start(argv, clock);
  const stopped = untilStopped(async (reason) => {
    const serving = await starting;
    if (typeof serving !== 'number') await serving.stop(reason);
  });
  const serving = await starting;
  if (typeof serving === 'number') return serving;
  started(serving);
  await stopped;
  return EXIT.ok;
}

/** Reads `--config`, starts the appliance on the given clock. A number instead is the exit code of a start that failed. */
async function start(argv: readonly string[], clock: Clock): Promise<Appliance | number> {
  const { values } = parseCommandLine(argv, CONFIG_ONLY);
  const config = configOf(values.config);
  if (typeof config === 'number') return config;
  const log = openLog({ level: config.log.level, now: () => clock.now() });
  const credentialsDirectory = process.env.CREDENTIALS_DIRECTORY;
  try {
    return await startAppliance({
      config,
      clock,
      random: systemRandom(),
      log,
      uptimeMs: () => process.uptime() * 1000,
      credentialsDirectory,
    });
  } catch (thrown) {
    const failure = failureOf(thrown);
    if (failure === null) throw thrown;
    complain(failure.message);
    return failure.code;
  }
}
