import { z } from 'zod';
import { steeredClock } from '../ops/clock.ts';
import { EXIT } from '../ops/exit-codes.ts';
import { CHILD_HELP, type Command } from './command.ts';
import { serve } from './serve.ts';

const CLOCK_MESSAGE = z.object({
  type: z.literal('clock'),
  state: z.object({ realBase: z.number(), virtualBase: z.number(), speed: z.number() }),
});

/** The appliance as a child of `staging`: the same program on the installation's one controllable clock. */
export const command: Command = {
  name: 'staging-appliance',
  summary: 'the appliance as a child of staging',
  help: CHILD_HELP,
  async run(argv) {
    if (process.send === undefined) return EXIT.usage;
    const clock = steeredClock();
    await new Promise<void>((resolve) => {
      process.on('message', (message) => {
        const parsed = CLOCK_MESSAGE.safeParse(message);
        if (!parsed.success) return;
        clock.steer(parsed.data.state);
        resolve();
      });
    });
    // Without its supervisor a child has no purpose.
    process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    const code = await serve(argv, clock, ({ adminUrl, publicUrl }) => {
      process.send?.({ type: 'ready', adminUrl, publicUrl });
    });
    // An open channel to the parent would keep the process alive.
    process.removeAllListeners('disconnect');
    process.disconnect?.();
    return code;
  },
};
