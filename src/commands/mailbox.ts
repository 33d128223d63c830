import { parseArgs } from 'node:util';
import { z } from 'zod';
import { EXIT } from '../ops/exit-codes.ts';
import type { Command } from './command.ts';
import { ask } from './command-client.ts';

const LIST = z.object({
  mailboxes: z.array(
    z.object({
      id: z.number(),
      kind: z.string(),
      address: z.string().nullable(),
      state: z.string(),
      reason: z.string().nullable(),
    }),
  ),
});

export const command: Command = {
  name: 'mailbox',
  summary: 'enable mailboxes and list them (the appliance must be running)',
  usage: `hybrid-calendar mailbox add ADDRESS [ADDRESS ...] [--room] [--config FILE]
       hybrid-calendar mailbox list [--json] [--config FILE]`,
  async run(argv) {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        config: { type: 'string', default: 'appliance.config.toml' },
        room: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    });
    const [action, ...addresses] = positionals;
    if (action === 'list') return list(values.config, values.json === true);
    if (action === 'add' && addresses.length > 0)
      return add(values.config, addresses, values.room === true ? 'room' : 'person');
    process.stderr.write(`usage: ${command.usage}\n`);
    return EXIT.usage;
  },
};

async function add(config: string, addresses: readonly string[], kind: string): Promise<number> {
  for (const address of addresses) {
    const answer = await ask(config, 'POST', '/mailboxes', { address, kind });
    if (typeof answer === 'number') return answer;
    process.stdout.write(`${address} is enabled; "hybrid-calendar mailbox list" shows when it is active.\n`);
  }
  return EXIT.ok;
}

async function list(config: string, json: boolean): Promise<number> {
  const answer = await ask(config, 'GET', '/mailboxes');
  if (typeof answer === 'number') return answer;
  if (json) process.stdout.write(`${answer}\n`);
  else for (const row of LIST.parse(JSON.parse(answer)).mailboxes) process.stdout.write(`${line(row)}\n`);
  return EXIT.ok;
}

function line(row: z.infer<typeof LIST>['mailboxes'][number]): string {
  const reason = row.reason === null ? '' : `  (${row.reason})`;
  return `${String(row.id).padStart(5)}  ${row.kind.padEnd(6)}  ${row.state.padEnd(13)}  ${row.address ?? '(address sealed)'}${reason}`;
}
