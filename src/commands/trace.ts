import { z } from 'zod';
import { traceWords } from '../domain/trace-words.ts';
import { EXIT } from '../ops/exit-codes.ts';
import { CONFIG_OPTION, type Command } from './command.ts';
import { ask } from './command-client.ts';
import { parseCommandLine, UsageError } from './command-line.ts';
import { minute } from './minute.ts';
import { print } from './terminal.ts';

const TRACES = z.object({
  traces: z.array(
    z.object({
      at: z.iso.datetime(),
      event: z.string().nullable(),
      start: z.iso.datetime().nullable(),
      code: z.string(),
    }),
  ),
});

const OPTIONS = {
  at: {
    type: 'string',
    value: 'TIME',
    meaning: 'only of events that take place at this time, e.g. 2026-12-01T10:00:00Z',
  },
  json: { type: 'boolean', meaning: 'print the rows as JSON; their members stay, others may be added' },
  config: CONFIG_OPTION,
} as const;

/** Codes only: no subject, no address, no link. */
export const command: Command = {
  name: 'trace',
  summary: 'show what was decided on a mailbox’s events, and why',
  help: {
    examples: [
      ['trace ada@example.com', 'the last decisions on this mailbox’s events'],
      ['trace ada@example.com --at 2026-12-01T10:00:00Z', 'why that meeting has no Join button, or which'],
      ['trace ada@example.com --json', 'the same for a program'],
    ],
    usage: ['trace ADDRESS [--at TIME] [--json] [--config FILE]'],
    options: OPTIONS,
    exits: [EXIT.failure, EXIT.unavailable, EXIT.permission, EXIT.config],
  },
  async run(argv) {
    const { values, positionals } = parseCommandLine(argv, OPTIONS);
    const [address, second] = positionals;
    if (address === undefined) throw new UsageError('the address is missing.');
    if (second !== undefined) throw new UsageError('trace takes one address at a time.');
    const answer = await ask(values.config, 'POST', '/traces', { address, at: timeOf(values.at) });
    if (typeof answer === 'number') return answer;
    if (values.json === true) print(answer);
    else print(traceText(TRACES.parse(JSON.parse(answer)).traces, address));
    return EXIT.ok;
  },
};

function timeOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError('--at wants a time such as 2026-12-01T10:00:00Z.');
  return time;
}

type Row = z.infer<typeof TRACES>['traces'][number];

/** One paragraph an event, the newest decision last. */
function traceText(rows: readonly Row[], mailbox: string): string {
  if (rows.length === 0) return 'Nothing was decided on such an event.';
  const events = Map.groupBy(rows, ({ event }) => event ?? '');
  return [...events].map(([event, its]) => eventText(event, its, mailbox)).join('\n\n');
}

function eventText(event: string, rows: readonly Row[], mailbox: string): string {
  const start = rows.find((row) => row.start !== null)?.start ?? null;
  const when = start === null ? '' : `, begins ${minute(start)}`;
  const head = event === '' ? 'The mailbox itself' : `Event …${event.slice(-12)}${when}`;
  return [head, ...rows.map(({ at, code }) => `  ${minute(at)}  ${line(code, mailbox)}`)].join('\n');
}

function line(code: string, mailbox: string): string {
  const words = traceWords(code, mailbox);
  return words === '' ? code : `${code}: ${words}`;
}
