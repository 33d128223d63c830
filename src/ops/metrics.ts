import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from '@prometheus-io/client';
import { VERSION } from './version.ts';

const PREFIX = 'hybrid_calendar_';

/** Every counter of the appliance. Labels are bounded words; ids are never labels (reference: engineering.md C.4). */
export interface Metrics {
  readonly notifications: Counter<'result'>;
  readonly decorated: Counter;
  readonly sealed: Counter;
  readonly deliveries: Counter<'kind'>;
  readonly deliverySeconds: Histogram;
  readonly lastDelivery: Gauge;
  readonly jobAttempts: Counter<'kind' | 'outcome'>;
  readonly firstJobLeased: Gauge;
  readonly upstreamPaused: Gauge<'upstream'>;
  readonly upstreamPauses: Counter<'upstream'>;
  readonly alarms: Gauge<'id'>;
  readonly mailboxChanges: Counter<'state'>;
  readonly keysIssued: Counter;
  readonly signIns: Counter<'result'>;
  readonly streamFailures: Counter;
  readonly silences: Counter;
  readonly presenceChanges: Counter<'away'>;
  readonly faults: Counter;
  readonly logLines: Counter<'level'>;
  /** The text that Prometheus reads. */
  exposition(): Promise<string>;
}

/** A registry of its own with the process' defaults (memory, event-loop lag) and the counters above at zero. */
export function openMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const info = gauge(registry, 'build_info', 'Version of the running program', ['version']);
  info.set({ version: VERSION }, 1);
  return {
    ...flowMetrics(registry),
    ...stateMetrics(registry),
    exposition: () => registry.metrics(),
  };
}

function flowMetrics(registry: Registry) {
  return {
    notifications: counter(registry, 'notifications_received_total', 'Notifications by result', ['result']),
    decorated: counter(registry, 'events_decorated_total', 'Invitations that got their join details'),
    sealed: counter(registry, 'meetings_sealed_total', 'Meeting versions sealed and stored'),
    deliveries: counter(registry, 'deliveries_total', 'Versions that Webex acknowledged', ['kind']),
    deliverySeconds: new Histogram({
      name: `${PREFIX}event_to_delivery_seconds`,
      help: 'From the stored version to the acknowledgement of Webex',
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
      registers: [registry],
    }),
    jobAttempts: counter(registry, 'job_failures_total', 'Failed attempts of jobs', ['kind', 'outcome']),
    firstJobLeased: gauge(
      registry,
      'first_job_leased_seconds',
      'From the start of the process to its first job',
    ),
    keysIssued: counter(registry, 'keys_issued_total', 'Keys made by the KMS for this appliance'),
  };
}

function stateMetrics(registry: Registry) {
  return {
    lastDelivery: gauge(registry, 'delivery_last_success_timestamp_seconds', 'When Webex last acknowledged'),
    upstreamPaused: gauge(registry, 'upstream_paused', '1 while an upstream is left alone', ['upstream']),
    upstreamPauses: counter(registry, 'upstream_pauses_total', 'How often an upstream was paused', [
      'upstream',
    ]),
    alarms: gauge(registry, 'alarms', 'Standing alarms by id', ['id']),
    mailboxChanges: counter(registry, 'mailbox_changes_total', 'Mailboxes that came into a state', ['state']),
    signIns: counter(registry, 'sign_ins_total', 'Sign-ins to the status page', ['result']),
    silences: counter(
      registry,
      'subscriptions_silent_total',
      'Subscriptions made anew because they told nothing',
    ),
    presenceChanges: counter(registry, 'presence_changes_total', 'Out-of-office changes Webex took', [
      'away',
    ]),
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
