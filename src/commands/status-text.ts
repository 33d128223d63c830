import { minute } from './minute.ts';

/** The health document as the command socket gives it. */
export interface HealthReport {
  readonly status: 'operational' | 'impaired' | 'outage' | 'maintenanceMode';
  readonly description: string;
  readonly version: string;
  readonly time: string;
  readonly startedAt: string;
  readonly lab: boolean;
  readonly syncMode: string;
  readonly alarms: readonly {
    readonly severity: string;
    readonly title: string;
    readonly since: string;
    readonly subject: number | null;
    readonly reason: string;
    readonly remedy: string;
  }[];
  readonly stages: readonly {
    readonly name: string;
    readonly state: string;
    readonly backlog: number;
    readonly lastSuccessAt: string | null;
    readonly reason: string | null;
  }[];
  readonly mailboxes: Readonly<Record<string, number>>;
  readonly counts: {
    readonly meetings: number;
    readonly deliveredToday: number;
    readonly deadJobs: number;
    readonly deletedLastHour: number;
  };
}

const WORDS: Readonly<Record<HealthReport['status'], string>> = {
  operational: 'Operational',
  impaired: 'Impaired',
  outage: 'Outage',
  maintenanceMode: 'Maintenance mode',
};

/** The status for a person at a terminal; `shown` dresses the word of the state. */
export function statusText(report: HealthReport, shown: (word: string) => string): string {
  const { counts, lab, version, startedAt, syncMode, time } = report;
  const mode = syncMode === 'webhook' ? 'notifications from Microsoft 365' : 'polling Microsoft 365';
  const mailboxes = Object.entries(report.mailboxes).map(([state, n]) => `${n} ${state}`);
  return [
    `${shown(WORDS[report.status])}: ${report.description}`,
    `hybrid-calendar ${version}${lab ? ' (LAB)' : ''}, running since ${minute(startedAt)}, ${mode}; read at ${minute(time)}`,
    '',
    ...report.stages.map(stageLine),
    ...report.alarms.flatMap(alarmLines),
    '',
    `mailboxes  ${mailboxes.length === 0 ? 'none' : mailboxes.join(', ')}`,
    `meetings   ${counts.meetings} listed, ${counts.deliveredToday} delivered today, ${counts.deletedLastHour} deleted last hour, ${counts.deadJobs} given up`,
  ].join('\n');
}

function stageLine({ name, state, backlog, lastSuccessAt, reason }: HealthReport['stages'][number]): string {
  const success = lastSuccessAt === null ? 'no success yet' : `last success ${minute(lastSuccessAt)}`;
  const why = reason === null ? '' : `  ${reason}`;
  return `${name.padEnd(9)}  ${state.padEnd(8)}  ${String(backlog).padStart(5)} waiting  ${success}${why}`;
}

function alarmLines({ severity, title, subject, since, reason, remedy }: HealthReport['alarms'][number]) {
  const whose = subject === null ? '' : ` (mailbox ${subject})`;
  return ['', `${severity}: ${title}${whose}, since ${minute(since)} (${reason})`, `  ${remedy}`];
}
