import { z } from 'zod';
import { startCloud } from '../staging/cloud/cloud.ts';
import { kmsRootPem } from '../staging/cloud/kms/kms-identity.ts';
import { serviceAppKeys } from '../staging/cloud/webex/service-app-token.ts';
import { CHILD_HELP, type Command } from './command.ts';

const START = z.object({
  type: z.literal('start'),
  directory: z.string(),
  caDirectory: z.string(),
  port: z.number(),
  morePeople: z.number(),
  moreRooms: z.number(),
});

/** The simulated cloud as a child of `staging`; its settings come over the parent's channel. */
export const command: Command = {
  name: 'staging-cloud',
  summary: 'the simulated cloud as a child of staging',
  help: CHILD_HELP,
  async run() {
    if (process.send === undefined) return 2;
    const tellParent = (message: object): void => {
      if (process.connected) process.send?.(message);
    };
    const settings = await new Promise<z.infer<typeof START>>((resolve) => {
      process.once('message', (message) => resolve(START.parse(message)));
    });
    const cloud = await startCloud({
      ...settings,
      tell: (happening) => tellParent({ type: 'happening', ...happening }),
      steered: (state) => tellParent({ type: 'clock', state }),
    });
    const { directory, clock } = cloud.context;
    tellParent({
      type: 'ready',
      port: cloud.port,
      directory,
      clock: clock.state,
      kmsRootPem: kmsRootPem(cloud.context),
      serviceAppKeys: serviceAppKeys(cloud.context),
    });
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(signal, () => resolve());
    });
    await cloud.close();
    process.disconnect?.();
    return 0;
  },
};
