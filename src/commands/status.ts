import { z } from 'zod';
import { EXIT, type ExitCode } from '../ops/exit-codes.ts';
import { CONFIG_OPTION, type Command } from './command.ts';
import { ask } from './command-client.ts';
import { parseCommandLine, UsageError } from './command-line.ts';
import { type HealthReport, statusText } from './status-text.ts';
import { print, styled } from './terminal.ts';

const REPORT: z.ZodType<HealthReport> = z.object({
  status: z.enum(['operational', 'impaired', 'outage', 'maintenanceMode']),
  description: z.string(),
  version: z.string(),
  time: z.iso.datetime(),
  startedAt: z.iso.datetime(),
  lab: z.boolean(),
  syncMode: z.string(),
  alarms: z.array(
    z.object({
      severity: z.string(),
      title: z.string(),
      since: z.iso.datetime(),
      subject: z.number().nullable(),
      reason: z.string(),
      remedy: z.string(),
    }),
  ),
  stages: z.array(
    z.object({
      name: z.string(),
      state: z.string(),
      backlog: z.number(),
      lastSuccessAt: z.iso.datetime().nullable(),
      reason: z.string().nullable(),
    }),
  ),
  mailboxes: z.record(z.string(), z.number()),
  counts: z.object({
    meetings: z.number(),
    deliveredToday: z.number(),
    deadJobs: z.number(),
    deletedLastHour: z.number(),
  }),
});

const EXIT_OF: Readonly<Record<HealthReport['status'], ExitCode>> = {
  operational: EXIT.ok,
  maintenanceMode: EXIT.ok,
  impaired: EXIT.failure,
  outage: EXIT.unavailable,
};
const COLOURS = { operational: 'green', maintenanceMode: 'blue', impaired: 'yellow', outage: 'red' } as const;

const OPTIONS = {
  json: { type: 'boolean', meaning: 'print the health document; its members stay, others may be added' },
  config: CONFIG_OPTION,
} as const;

export const command: Command = {
  name: 'status',
  summary: 'show how the appliance is, as text or JSON; the exit code says it too',
  help: {
    examples: [
      ['status', 'state, stages, alarms with what to do, counts'],
      ['status --json', 'the same for a program, without any name or address'],
      ['status > /dev/null || echo "look at the appliance"', 'in a script: 0 fine, 1 impaired, 69 outage'],
    ],
    usage: ['status [--json] [--config FILE]'],
    options: OPTIONS,
    exits: [EXIT.failure, EXIT.unavailable, EXIT.permission, EXIT.config],
  },
  async run(argv) {
    const { values, positionals } = parseCommandLine(argv, OPTIONS);
    if (positionals.length > 0) throw new UsageError('status takes no arguments.');
    const answer = await ask(values.config, 'GET', '/status');
    if (typeof answer === 'number') return answer;
    const report = REPORT.parse(JSON.parse(answer));
    if (values.json === true) print(answer);
    else print(statusText(report, (word) => styled(['bold', COLOURS[report.status]], word)));
    return EXIT_OF[report.status];
  },
};
