import type { AuditEntry, SignedAuditHead } from '../domain/audit.ts';
import { EXIT } from '../ops/exit-codes.ts';
import { sodiumReady } from '../seal/sodium.ts';
import { entryLine, headIn, headLine, headOfFile, rowsIn } from './audit-file.ts';
import { type Verdict, verifyFile, verifyLive } from './audit-verify.ts';
import { CONFIG_OPTION, type Command } from './command.ts';
import { ask } from './command-client.ts';
import { oneOf, parseCommandLine, UsageError } from './command-line.ts';
import { complain, print } from './terminal.ts';

const OPTIONS = {
  from: { type: 'string', value: 'ROW', default: '1', meaning: 'export from this row on' },
  key: { type: 'string', value: 'PUBLIC', meaning: 'the public key that the head must be signed with' },
  head: {
    type: 'string',
    value: 'FILE',
    meaning: 'an earlier export: the running log must still hold what its head was signed over',
  },
  config: CONFIG_OPTION,
} as const;

export const command: Command = {
  name: 'audit',
  summary: 'export the audit log with a signed head, and verify that nothing was changed or cut',
  help: {
    examples: [
      ['audit export > audit.jsonl', 'the whole log, a row a line, its signed head last'],
      ['audit export --from 1201 > later.jsonl', 'what came after an earlier export'],
      ['audit verify audit.jsonl --key PUBLIC', 'check an export, without the appliance'],
      ['audit verify --head audit.jsonl', 'check the running log, and that it still holds that export'],
    ],
    usage: [
      'audit export [--from ROW] [--config FILE]',
      'audit verify FILE [--key PUBLIC]',
      'audit verify [--head FILE] [--key PUBLIC] [--config FILE]',
    ],
    options: OPTIONS,
    exits: [EXIT.failure, EXIT.unavailable, EXIT.io, EXIT.permission, EXIT.config],
  },
  async run(argv) {
    const { values, positionals } = parseCommandLine(argv, OPTIONS);
    const [action, file, more] = positionals;
    const known = oneOf(action, ['export', 'verify'], 'action');
    if (more !== undefined || (known === 'export' && file !== undefined))
      throw new UsageError(`audit ${known} takes no more arguments.`);
    if (known === 'export') return exportLog(values.config, rowNumber(values.from));
    await sodiumReady();
    const key = values.key ?? null;
    if (file === undefined) return verifyRunning(values.config, values.head, key);
    if (values.head !== undefined) throw new UsageError('--head is for the running log, not for a file.');
    return readable(file, async () => tell(await verifyFile(file, key)));
  },
};

function rowNumber(text: string): number {
  const row = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (row < 1) throw new UsageError('--from wants the number of a row, 1 or more.');
  return row;
}

async function exportLog(config: string, first: number): Promise<number> {
  const answer = await ask(config, 'POST', `/audit/heads?from=${first}`);
  if (typeof answer === 'number') return answer;
  const head = headIn(answer);
  for (let next = first; next <= head.last; ) {
    const page = await pageOf(config, next);
    if (typeof page === 'number') return page;
    for (const entry of page) if (entry.seq <= head.last) print(entryLine(entry));
    // An empty page can't be: rows never go. Should it come all the same, the file must not look whole.
    if (page.length === 0) return refuse('the appliance did not give all rows that it signed.');
    next += page.length;
  }
  print(headLine(head));
  process.stderr.write(`Rows ${head.first} to ${head.last}, signed with ${head.publicKey}\n`);
  return EXIT.ok;
}

async function pageOf(config: string, first: number): Promise<readonly AuditEntry[] | number> {
  const answer = await ask(config, 'GET', `/audit?from=${first}`);
  return typeof answer === 'number' ? answer : rowsIn(answer);
}

function verifyRunning(config: string, file: string | undefined, key: string | null): Promise<number> {
  return readable(file ?? '', async () => {
    const head = file === undefined ? null : await headOfFile(file);
    if (file !== undefined && head === null)
      return refuse('the file of --head does not end with a signed head.');
    const verdict = await verifyLive((first) => pageOf(config, first), head, key);
    return typeof verdict === 'number' ? verdict : tell(verdict);
  });
}

function tell({ problem, rows, head }: Verdict): number {
  if (problem !== null) return refuse(problem);
  print(`${rows} ${rows === 1 ? 'row' : 'rows'}, each as it was written${signedBy(head)}.`);
  return EXIT.ok;
}

function signedBy(head: SignedAuditHead | null): string {
  if (head === null) return '; whether rows are missing at the end shows only with --head';
  return `; the head of row ${head.last} is signed with ${head.publicKey}`;
}

function refuse(problem: string): number {
  complain(problem);
  return EXIT.io;
}

async function readable(file: string, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (thrown) {
    const unreadable =
      thrown instanceof Error &&
      'code' in thrown &&
      ['ENOENT', 'EACCES', 'EISDIR'].includes(String(thrown.code));
    if (!unreadable) throw thrown;
    return refuse(`${file} can't be read.`);
  }
}
