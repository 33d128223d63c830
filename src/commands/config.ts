import { parseArgs } from 'node:util';
import { EXIT } from '../ops/exit-codes.ts';
import type { Command } from './command.ts';
import { configOf } from './serve.ts';

export const command: Command = {
  name: 'config',
  summary: 'check the configuration and print every problem at once',
  usage: 'hybrid-calendar config check [--config appliance.config.toml]',
  async run(argv) {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { config: { type: 'string', default: 'appliance.config.toml' } },
    });
    if (positionals[0] !== 'check') {
      process.stderr.write(`usage: ${command.usage}\n`);
      return EXIT.usage;
    }
    const config = configOf(values.config);
    if (typeof config === 'number') return config;
    process.stdout.write(`${values.config}: no problems found\n`);
    return EXIT.ok;
  },
};
