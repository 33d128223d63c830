import type { LeavingCommandDeps } from '../../src/web/leaving-commands.ts';
import { hashPassword } from '../../src/web/password.ts';
import { PASSWORD, TestClock, testRandom } from './web-rig.ts';

const OPS = { name: 'ops', passwordHash: await hashPassword(PASSWORD, testRandom) };

/** An administrator called ops, and one mailbox that others may hold something of. */
export function leavingAnswers(acts: string[] = []): LeavingCommandDeps {
  const isHeld = (address: string): boolean => address === 'ada@nordwind.example';
  return {
    clock: new TestClock(),
    findAdmin: (name) => (name === OPS.name ? OPS : null),
    forgetMailbox: async (address) => (isHeld(address) ? { mailboxes: 3, meetings: 41 } : null),
    exportMailbox: async (address, admin) => {
      acts.push(`export ${admin}`);
      return isHeld(address) ? { mailbox: { address }, meetings: [{ subject: 'Budget' }] } : null;
    },
    exportRefused: (reason, admin) => void acts.push(`${reason} ${admin}`),
  };
}
