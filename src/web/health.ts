import { ALARMS, type Alarm, remedyOf } from '../domain/alarm.ts';
import type { HealthFacts, StageFacts } from '../domain/status.ts';
import { instant, instantOrNull } from './instant.ts';
import { outageDocument } from './key-document.ts';

export interface HealthDetail {
  /** Also reasons, remedies, instants and counts. */
  readonly verbose: boolean;
  /** Whether the program's version is told: never to strangers (reference: engineering.md B.6, ASVS 13.4.6). */
  readonly version: boolean;
}

/**
 * The health document: a stable contract, to which members may be added. Status words are Webex's own; instants are RFC 3339;
 * the subject of an alarm is the row number of its mailbox, or null for the whole appliance. No name and no address.
 */
export function healthDocument(facts: HealthFacts, detail: HealthDetail): object {
  const { overall, overallReason, lab, syncMode, startedAt, now, keyOutage, mailboxStates, counts } = facts;
  return {
    status: overall,
    description: overallReason,
    ...(detail.version ? { version: facts.version } : {}),
    ...(detail.verbose ? { time: instant(now), startedAt: instant(startedAt), lab, syncMode } : {}),
    alarms: facts.alarms.map((alarm) => alarmEntry(alarm, detail.verbose)),
    stages: facts.stages.map((stage) => stageEntry(stage, detail.verbose)),
    ...(detail.verbose
      ? { keyOutage: keyOutage && outageDocument(keyOutage), mailboxes: mailboxStates, counts }
      : {}),
  };
}

/**
 * 503 in an outage, so that a monitor needs no more than the status. A load balancer must ask /readyz instead and a supervisor
 * /livez: an upstream's outage is no reason to take away or restart a receiver that is doing its job (engineering.md C.5).
 */
export function healthStatus({ overall }: HealthFacts): 200 | 503 {
  return overall === 'outage' ? 503 : 200;
}

function alarmEntry(alarm: Alarm, verbose: boolean): object {
  const { id, subject, since, reason } = alarm;
  const { severity, title } = ALARMS[id];
  const entry = {
    id,
    severity,
    title,
    since: instant(since),
    subject: subject === '' ? null : Number(subject),
  };
  return verbose ? { ...entry, reason, remedy: remedyOf(alarm) } : entry;
}

function stageEntry(stage: StageFacts, verbose: boolean): object {
  const { name, state, backlog, lastSuccessAt, reason, retryAt } = stage;
  const entry = { name, state, backlog };
  if (!verbose) return entry;
  return { ...entry, lastSuccessAt: instantOrNull(lastSuccessAt), reason, retryAt: instantOrNull(retryAt) };
}
