import { realClock } from '../ops/clock.ts';
import { EXIT } from '../ops/exit-codes.ts';
import { untilStopped } from '../ops/lifecycle.ts';
import type { Command } from './command.ts';
import { serve } from './serve.ts';

export const command: Command = {
  name: 'run',
  summary: 'run the appliance',
  usage: 'hybrid-calendar run [--config appliance.config.toml]',
  async run(argv) {
    const serving = await serve(argv, realClock());
    if (typeof serving === 'number') return serving;
    await untilStopped((reason) => serving.appliance.stop(reason));
    return EXIT.ok;
  },
};
