import { realClock } from '../ops/clock.ts';
import { EXIT } from '../ops/exit-codes.ts';
import { untilStopped } from '../ops/lifecycle.ts';
import type { Command } from './command.ts';
import { SERVE_OPTIONS, serve } from './serve.ts';

export const command: Command = {
  name: 'run',
  summary: 'run the appliance',
  help: {
    examples: [
      ['run --config /etc/hybrid-calendar/appliance.config.toml', 'run until SIGTERM or SIGINT'],
      ['config check && hybrid-calendar run', 'only with a configuration that has no problem'],
    ],
    usage: ['run [--config FILE]'],
    options: SERVE_OPTIONS,
    exits: [EXIT.failure, EXIT.internal, EXIT.io, EXIT.temporary, EXIT.permission, EXIT.config],
  },
  async run(argv) {
    const serving = await serve(argv, realClock());
    if (typeof serving === 'number') return serving;
    await untilStopped((reason) => serving.appliance.stop(reason));
    return EXIT.ok;
  },
};
