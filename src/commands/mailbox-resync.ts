import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { EXIT } from '../ops/exit-codes.ts';
import { ask } from './command-client.ts';
import { UsageError } from './command-line.ts';
import { print } from './terminal.ts';

const PROGRESS = z.object({ mailboxes: z.number(), meetings: z.number(), resting: z.number() });
const LOOK_MS = 1_000;

export interface ResyncOrder {
  readonly config: string;
  readonly addresses: readonly string[];
  readonly all: boolean;
  /** Waits until it is done, and tells how it goes on. */
  readonly wait: boolean;
}

/** Has mailboxes read and delivered anew. It goes on in the appliance when the command is broken off. */
export async function resyncMailboxes(order: ResyncOrder): Promise<number> {
  const { config, addresses, all, wait } = order;
  if (all === addresses.length > 0) throw new UsageError('resync takes addresses, or --all.');
  for (const address of all ? [null] : addresses) {
    const answer = await ask(config, 'POST', '/mailboxes/resync', { address });
    if (typeof answer === 'number') return answer;
    if (!wait) print(`${address ?? 'Every mailbox'} is read and delivered anew.`);
  }
  return wait ? await follow(config) : EXIT.ok;
}

async function follow(config: string): Promise<number> {
  let last = '';
  for (;;) {
    const answer = await ask(config, 'GET', '/mailboxes/resync');
    if (typeof answer === 'number') return answer;
    const left = PROGRESS.parse(JSON.parse(answer));
    if (left.mailboxes === left.resting) return ended(left.resting);
    const line = `${left.mailboxes - left.resting} mailboxes to go, ${left.meetings} meetings of those begun`;
    if (line !== last) print(line);
    last = line;
    await pause(LOOK_MS);
  }
}

function ended(resting: number): number {
  print('Done: read and delivered anew.');
  if (resting === 0) return EXIT.ok;
  print(
    `Not yet: ${resting} mailboxes that can’t be reached now; they follow by themselves. "hybrid-calendar mailbox list" says why.`,
  );
  return EXIT.failure;
}
