import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { Measures } from '../domain/measures.ts';
import { openGauges } from './gauges.ts';

const PREFIX = 'appliance_';
const WORK_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What is counted as it happens. Labels are bounded words; ids are never labels (reference: engineering.md C.4). */
export interface Metrics {
  readonly notifications: Counter<'result'>;
  readonly notificationSeconds: Histogram;
  readonly decorated: Counter;
  readonly sealed: Counter;
  readonly deliveries: Counter<'kind'>;
  readonly eventToPush: Histogram;
  readonly reminders: Counter<'kind'>;
  readonly reminderLateness: Histogram;
  readonly jobAttempts: Counter<'kind' | 'outcome'>;
  readonly jobSeconds: Histogram<'kind' | 'outcome'>;
  readonly lastReconcile: Gauge;
  readonly upstreamRequests: Counter<'upstream' | 'code_class'>;
  readonly upstreamSeconds: Histogram<'upstream'>;
  readonly firstJobLeased: Gauge;
  readonly upstreamPauses: Counter<'upstream'>;
  readonly alarmChanges: Counter<'id' | 'change'>;
  readonly mailboxChanges: Counter<'state'>;
  readonly keysIssued: Counter;
  readonly keysGivenUp: Counter;
  readonly keysEnded: Counter<'reason'>;
  readonly addressesResealed: Counter;
  readonly logins: Counter<'result'>;
  readonly setupLinks: Counter<'result'>;
  readonly streamFailures: Counter;
  readonly silences: Counter;
  readonly presenceChanges: Counter<'away'>;
  readonly faults: Counter;
  readonly logLines: Counter<'level'>;
  /** The text that Prometheus reads; what must be measured at this moment is asked for here. */
  exposition(measures: Measures): Promise<string>;
}

const BUILD = ['version', 'commit', 'node', 'sqlite'] as const;

/** What the running program is made of. */
export type BuildFacts = Readonly<Record<(typeof BUILD)[number], string>>;

/** A registry of its own with the process' defaults (memory, event-loop lag) and the counters above at zero. */
export function openMetrics(build: () => BuildFacts): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const info = gauge(registry, 'build_info', 'What the running program is made of', [...BUILD]);
  let facts: BuildFacts | null = null;
  const measure = openGauges((name, help, labels) => gauge(registry, name, help, labels));
  return {
    ...flowMetrics(registry),
    ...workMetrics(registry),
    ...stateMetrics(registry),
    exposition: (measures) => {
      // Asked for late: to look up the commit takes a while when the program runs from its sources.
      facts ??= build();
      info.set({ ...facts }, 1);
      measure(measures);
      return registry.metrics();
    },
  };
}

function flowMetrics(registry: Registry) {
  return {
    notifications: counter(registry, 'notifications_received_total', 'Notifications by result', ['result']),
    notificationSeconds: histogram(
      registry,
      'notification_response_seconds',
      'From a request of Graph to the answer it gets',
      [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10],
    ),
    decorated: counter(registry, 'events_decorated_total', 'Invitations that got their join details'),
    sealed: counter(registry, 'meetings_sealed_total', 'Meeting versions sealed and stored'),
    deliveries: counter(registry, 'deliveries_total', 'Versions that Webex acknowledged', ['kind']),
    eventToPush: histogram(
      registry,
      'event_to_push_seconds',
      'From the first hint of a change to the acknowledgement of Webex, the wait for further edits included',
      [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 300, 1800],
    ),
    reminders: counter(registry, 'reminders_total', 'Reminders that Webex acknowledged', ['kind']),
    reminderLateness: histogram(
      registry,
      'reminder_late_seconds',
      'From the time at which a reminder was due to the acknowledgement of Webex',
      [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800],
    ),
  };
}

function workMetrics(registry: Registry) {
  const work = ['kind', 'outcome'] as const;
  return {
    jobAttempts: counter(registry, 'job_attempts_total', 'Attempts of jobs by their outcome', [...work]),
    jobSeconds: histogram(registry, 'job_duration_seconds', 'How long an attempt took', WORK_SECONDS, [
      ...work,
    ]),
    lastReconcile: unknown(
      gauge(
        registry,
        'reconcile_last_success_timestamp_seconds',
        'When a mailbox was last compared with what is stored',
      ),
    ),
    upstreamRequests: counter(
      registry,
      'upstream_requests_total',
      'Requests by class of status; "none" without an answer',
      ['upstream', 'code_class'],
    ),
    upstreamSeconds: histogram(registry, 'upstream_request_seconds', 'Duration of requests', WORK_SECONDS, [
      'upstream',
    ]),
    firstJobLeased: unknown(
      gauge(registry, 'first_job_leased_seconds', 'From the start of the process to its first job'),
    ),
    keysIssued: counter(registry, 'keys_issued_total', 'Keys made by the KMS for this appliance'),
    keysGivenUp: counter(
      registry,
      'keys_given_up_total',
      'Keys of mailboxes that nothing was under any more',
    ),
    keysEnded: counter(registry, 'keys_ended_total', 'Keys that the KMS ended before their time', ['reason']),
    addressesResealed: counter(
      registry,
      'addresses_resealed_total',
      'Addresses put under a new directory key',
    ),
  };
}

function stateMetrics(registry: Registry) {
  return {
    upstreamPauses: counter(registry, 'upstream_pauses_total', 'How often an upstream was paused', [
      'upstream',
    ]),
    alarmChanges: counter(registry, 'alarm_changes_total', 'Alarms raised and cleared', ['id', 'change']),
    mailboxChanges: counter(registry, 'mailbox_changes_total', 'Mailboxes that came into a state', ['state']),
    silences: counter(
      registry,
      'subscriptions_silent_total',
      'Subscriptions made anew because they told nothing',
    ),
    presenceChanges: counter(registry, 'presence_changes_total', 'Out-of-office changes Webex took', [
      'away',
    ]),
    logins: counter(registry, 'logins_total', 'Sign-ins to the status page', ['result']),
    setupLinks: counter(registry, 'setup_links_total', 'Set-up links made, used and refused', ['result']),
    streamFailures: counter(registry, 'event_stream_failures_total', 'Failed tries of the event WebSocket'),
    faults: counter(registry, 'faults_total', 'Unexpected faults inside the appliance'),
    logLines: counter(registry, 'log_lines_total', 'Log lines by level', ['level']),
  };
}

function counter<T extends string = never>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: T[] = [],
): Counter<T> {
  return new Counter<T>({ name: PREFIX + name, help, labelNames, registers: [registry] });
}

function gauge<T extends string = never>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: T[] = [],
): Gauge<T> {
  return new Gauge<T>({ name: PREFIX + name, help, labelNames, registers: [registry] });
}

/** A gauge without labels begins at zero, which as an instant would be a lie. */
function unknown(made: Gauge): Gauge {
  made.remove();
  return made;
}

function histogram<T extends string = never>(
  registry: Registry,
  name: string,
  help: string,
  buckets: number[],
  labelNames: T[] = [],
): Histogram<T> {
  return new Histogram<T>({ name: PREFIX + name, help, buckets, labelNames, registers: [registry] });
}
