import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Confinement } from './confinement.ts';
import { allBelow } from './process-facts.ts';

/** Any free port, and no other appliance's notifications. */
const SETTINGS = [
  'HYBRID_CALENDAR_WEB__PUBLIC__LISTEN=127.0.0.1:0',
  'HYBRID_CALENDAR_WEB__ADMIN__LISTEN=127.0.0.1:0',
  'HYBRID_CALENDAR_SYNC__MODE=delta',
];

/** The appliance alone, started by `run` with a configuration of its own, against the cloud of a running staging. */
export class SecondAppliance {
  readonly config: string;
  readonly #child: ChildProcess;

  private constructor(config: string, child: ChildProcess) {
    this.config = config;
    this.#child = child;
  }

  /** Resolves when it listens. */
  static async start(confinement: Confinement): Promise<SecondAppliance> {
    const config = writeConfig(confinement.data);
    const argv = [...confinement.argv, ...SETTINGS, confinement.file, 'run', '--config', config];
    const [command = '', ...rest] = argv;
    const child = spawn(command, rest, { cwd: confinement.empty, stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout });
    await new Promise<void>((resolve, reject) => {
      lines.on('line', (line) => {
        if (JSON.parse(line).event === 'appliance.started') resolve();
      });
      child.once('exit', (code) => reject(new Error(`"run" ended with ${code}`)));
    });
    return new SecondAppliance(config, child);
  }

  /** Ends it and gives its exit code. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await ended;
    }
    return this.#child.exitCode;
  }
}

/** Configuration and secrets of the staged appliance, but not its database; for the same user. */
function writeConfig(data: string): string {
  const [staged, second] = [join(data, 'appliance'), join(data, 'second')];
  cpSync(join(staged, 'secrets'), join(second, 'secrets'), { recursive: true });
  cpSync(join(staged, 'appliance.config.toml'), join(second, 'appliance.config.toml'));
  const { uid, gid } = statSync(staged);
  for (const path of [second, ...allBelow(second)]) chownSync(path, uid, gid);
  return join(second, 'appliance.config.toml');
}
