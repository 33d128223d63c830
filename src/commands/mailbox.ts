import { z } from 'zod';
import { EXIT } from '../ops/exit-codes.ts';
import { CONFIG_OPTION, type Command } from './command.ts';
import { ask } from './command-client.ts';
import { oneOf, parseCommandLine, UsageError } from './command-line.ts';
import { exportMailbox, forget } from './mailbox-leaving.ts';
import { resyncMailboxes } from './mailbox-resync.ts';
import { setMailboxes } from './mailbox-set.ts';
import { print } from './terminal.ts';

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

const OPTIONS = {
  room: { type: 'boolean', meaning: 'the addresses are those of rooms, not of people' },
  output: { type: 'string', value: 'FILE', meaning: 'export into this new file, which only you may read' },
  admin: { type: 'string', value: 'NAME', meaning: 'the administrator who exports' },
  'password-file': {
    type: 'string',
    value: 'FILE',
    meaning: 'the administrator’s password; without it, it is asked at the terminal',
  },
  json: { type: 'boolean', meaning: 'list as JSON; its members stay, others may be added' },
  all: { type: 'boolean', meaning: 'with resync: every mailbox' },
  'no-wait': { type: 'boolean', meaning: 'with resync: do not wait until it is done' },
  'reminder-lead': {
    type: 'string',
    value: 'MINUTES',
    meaning: 'with set: how long before the start the Join button comes up, 0 to 30, or default',
  },
  config: CONFIG_OPTION,
} as const;

export const command: Command = {
  name: 'mailbox',
  summary: 'enable, list, set, read anew, export, remove and forget mailboxes',
  help: {
    examples: [
      ['mailbox add ada@example.com bob@example.com', 'enable two people'],
      ['mailbox add --room aurora@example.com', 'enable a room'],
      ['mailbox list', 'show every mailbox with its state, and why it has it'],
      ['mailbox retry ada@example.com', 'do not wait for the next try'],
      ['mailbox remove ada@example.com', 'undo all that enabling did, and forget the mailbox'],
      [
        'mailbox forget ada@example.com',
        'the same, beginning with the keys: older backups can’t be opened any more',
      ],
      [
        'mailbox export ada@example.com --admin ops --output ada.json',
        'all that is held on an address, in clear',
      ],
      ['mailbox resync --all', 'read every calendar anew and deliver every meeting anew'],
      ['mailbox set aurora@example.com --reminder-lead 10', 'the Join button comes up ten minutes ahead'],
      ['mailbox list --json', 'the list for a program'],
    ],
    usage: [
      'mailbox add ADDRESS [ADDRESS ...] [--room] [--config FILE]',
      'mailbox retry ADDRESS [ADDRESS ...] [--config FILE]',
      'mailbox remove ADDRESS [ADDRESS ...] [--config FILE]',
      'mailbox forget ADDRESS [ADDRESS ...] [--config FILE]',
      'mailbox export ADDRESS --admin NAME --output FILE [--password-file FILE] [--config FILE]',
      'mailbox resync ADDRESS [ADDRESS ...] [--no-wait] [--config FILE]',
      'mailbox resync --all [--no-wait] [--config FILE]',
      'mailbox set ADDRESS [ADDRESS ...] --reminder-lead MINUTES [--config FILE]',
      'mailbox list [--json] [--config FILE]',
    ],
    options: OPTIONS,
    exits: [EXIT.failure, EXIT.unavailable, EXIT.io, EXIT.permission, EXIT.config],
  },
  async run(argv) {
    const { values, positionals } = parseCommandLine(argv, OPTIONS);
    const [action, ...addresses] = positionals;
    const actions = ['add', 'list', 'retry', 'remove', 'forget', 'export', 'resync', 'set'] as const;
    const known = oneOf(action, actions, 'action');
    if (known === 'list') return list(values.config, values.json === true);
    if (known === 'set') return setMailboxes(values.config, addresses, values['reminder-lead']);
    if (known === 'resync') {
      const { config, all = false } = values;
      return resyncMailboxes({ config, addresses, all, wait: values['no-wait'] !== true });
    }
    if (addresses.length === 0) throw new UsageError('the address is missing.');
    if (known === 'forget') return forget(values.config, addresses);
    if (known === 'export') return exportMailbox(addresses, values);
    const kind = values.room === true ? 'room' : 'person';
    return forEach(values.config, addresses, known, kind);
  },
};

const ACTIONS = {
  add: ['/mailboxes', 'is enabled; "hybrid-calendar mailbox list" shows when it is activated'],
  retry: ['/mailboxes/retry', 'is tried now; "hybrid-calendar mailbox list" shows what comes of it'],
  remove: [
    '/mailboxes/remove',
    'is being removed; it leaves "hybrid-calendar mailbox list" when all is undone',
  ],
} as const;

async function forEach(
  config: string,
  addresses: readonly string[],
  action: keyof typeof ACTIONS,
  kind: string,
): Promise<number> {
  const [path, done] = ACTIONS[action];
  for (const address of addresses) {
    const answer = await ask(config, 'POST', path, action === 'add' ? { address, kind } : { address });
    if (typeof answer === 'number') return answer;
    print(`${address} ${done}.`);
  }
  return EXIT.ok;
}

async function list(config: string, json: boolean): Promise<number> {
  const answer = await ask(config, 'GET', '/mailboxes');
  if (typeof answer === 'number') return answer;
  if (json) print(answer);
  else for (const row of LIST.parse(JSON.parse(answer)).mailboxes) print(line(row));
  return EXIT.ok;
}

function line(row: z.infer<typeof LIST>['mailboxes'][number]): string {
  const reason = row.reason === null ? '' : `  (${row.reason})`;
  return `${String(row.id).padStart(5)}  ${row.kind.padEnd(6)}  ${row.state.padEnd(13)}  ${row.address ?? '(address sealed)'}${reason}`;
}
