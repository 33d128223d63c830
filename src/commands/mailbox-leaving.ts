import { z } from 'zod';
import { EXIT } from '../ops/exit-codes.ts';
import { askPassword } from './ask-password.ts';
import { ask } from './command-client.ts';
import { UsageError } from './command-line.ts';
import { toPrivateFile } from './private-file.ts';
import { print } from './terminal.ts';

const FORGOTTEN = z.object({ others: z.object({ mailboxes: z.number(), meetings: z.number() }) });

/** Forgets mailboxes, and says of each what can't be forgotten with it. */
export async function forget(config: string, addresses: readonly string[]): Promise<number> {
  for (const address of addresses) {
    const answer = await ask(config, 'POST', '/mailboxes/forget', { address });
    if (typeof answer === 'number') return answer;
    const { others } = FORGOTTEN.parse(JSON.parse(answer));
    print(
      `${address} is being forgotten: its keys are withdrawn first, then all that is kept about it goes.`,
    );
    print(
      `${others.mailboxes} other mailboxes hold ${others.meetings} meetings. Those that name ${address} keep doing so: they are sealed under those mailboxes' keys and can't be opened selectively. They go when they leave the window of the meetings list, or when their own mailbox is forgotten.`,
    );
  }
  return EXIT.ok;
}

export interface ExportOptions {
  readonly config: string;
  readonly output?: string | undefined;
  readonly admin?: string | undefined;
  readonly 'password-file'?: string | undefined;
}

/** Writes all that is held on one address, in clear, into a private file. An administrator signs in for it anew. */
export async function exportMailbox(addresses: readonly string[], options: ExportOptions): Promise<number> {
  const { config, output, admin: name } = options;
  const [address, second] = addresses;
  if (address === undefined || second !== undefined) throw new UsageError('export takes one address.');
  if (output === undefined || output === '')
    throw new UsageError('--output wants the path of a new file: what is held is never shown in a terminal.');
  if (name === undefined) throw new UsageError('--admin wants the name of an administrator.');
  const password = await askPassword(`Password of ${name}: `, options['password-file']);
  const code = await toPrivateFile(output, () =>
    ask(config, 'POST', '/mailboxes/export', { address, name, password }),
  );
  if (code === EXIT.ok)
    print(
      `All that is held on ${address} is in ${output}, in clear; the audit log says that ${name} has it.`,
    );
  return code;
}
