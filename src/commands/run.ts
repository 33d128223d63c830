import { realClock } from '../ops/clock.ts';
import { EXIT } from '../ops/exit-codes.ts';
import { CONFIG_ONLY, type Command } from './command.ts';

export const command: Command = {
  name: 'run',
  summary: 'run the appliance',
  help: {
    examples: [
      ['run --config /etc/hybrid-calendar/appliance.config.toml', 'run until SIGTERM or SIGINT'],
      ['config check && hybrid-calendar run', 'only with a configuration that has no problem'],
    ],
    usage: ['run [--config FILE]'],
    options: CONFIG_ONLY,
    exits: [EXIT.failure, EXIT.internal, EXIT.io, EXIT.temporary, EXIT.permission, EXIT.config],
  },
  async run(argv) {
    // Only now: the help must not wait for the whole appliance to load.
    const { serve } = await import('./serve.ts');
    return serve(argv, realClock());
  },
};
