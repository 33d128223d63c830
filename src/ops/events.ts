import type { SignedAuditHead } from '../domain/audit.ts';
import type { AlarmChange, JobEnd, JobFailure, MailboxChange, StartFacts } from './event-facts.ts';
import { describeFault } from './fault-description.ts';
import { type KeyEvents, keyEvents } from './key-events.ts';
import type { Logger } from './log.ts';
import { type MeetingEvents, meetingEvents } from './meeting-events.ts';
import type { Metrics } from './metrics.ts';
import { type ReminderEvents, reminderEvents } from './reminder-events.ts';
import type { Say } from './say.ts';
import { tracked, type UpstreamEvents, upstreamEvents } from './upstream-events.ts';

/** One function per business event: one log line and one counter each. Arguments are ids, codes and counts, never content. */
export interface Events extends KeyEvents, MeetingEvents, ReminderEvents, UpstreamEvents {
  notificationAccepted(count: number): void;
  /** `result` is a bounded word, e.g. `forged`, `malformed`, `oversized`, `unknown`. */
  notificationDropped(result: string, count: number): void;
  /** A request of Graph got its answer. */
  notificationAnswered(durationMs: number): void;
  jobEnded(end: JobEnd): void;
  jobRetried(job: JobFailure): void;
  jobDead(job: JobFailure): void;
  alarmRaised(alarm: AlarmChange): void;
  alarmCleared(alarm: AlarmChange): void;
  mailboxStateChanged(change: MailboxChange): void;
  /** Changes were found by asking that no notification told of; the subscription is made anew. */
  subscriptionSilent(facts: { readonly mailboxId: number; readonly unheard: number }): void;
  /** Webex acknowledged that somebody is out of office, or back. */
  presenceChanged(facts: { readonly mailboxId: number; readonly away: boolean }): void;
  /** Kept elsewhere with the log, it shows whether the audit log was cut or written anew. */
  auditHeadSigned(head: SignedAuditHead): void;
  signedIn(result: 'success' | 'failure' | 'limited'): void;
  setupLink(result: 'made' | 'used' | 'refused' | 'limited'): void;
  applianceStarted(facts: StartFacts): void;
  /** Once after each start. `sinceStartMs` counts from the start of the process, in real time. */
  firstJobLeased(facts: { readonly kind: string; readonly sinceStartMs: number }): void;
  applianceStopping(reason: string): void;
  /** The stack is logged, the messages of foreign errors are not: they may quote content. */
  fault(reason: string, error: unknown): void;
}

export function openEvents(log: Logger, metrics: Metrics): Events {
  const say: Say = (level, event, msg, ids = {}) => {
    if (!log.isLevelEnabled(level)) return;
    metrics.logLines.inc({ level });
    log[level]({ event, ...ids }, msg);
  };
  return {
    ...notificationEvents(say, metrics),
    ...meetingEvents(say, metrics),
    ...reminderEvents(say, metrics),
    ...workEvents(say, metrics),
    ...upstreamEvents(say, metrics),
    ...keyEvents(say, metrics),
    ...stateEvents(say, metrics),
    ...processEvents(say, metrics),
  };
}

type NotificationEvents = 'notificationAccepted' | 'notificationDropped' | 'notificationAnswered';

function notificationEvents(say: Say, metrics: Metrics): Pick<Events, NotificationEvents> {
  return {
    notificationAccepted: (count) => {
      metrics.notifications.inc({ result: 'accepted' }, count);
      say('debug', 'notification.accepted', 'notifications accepted', { count });
    },
    notificationDropped: (result, count) => {
      metrics.notifications.inc({ result }, count);
      say('warn', 'notification.dropped', 'notifications dropped', { result, count });
    },
    notificationAnswered: (durationMs) => {
      metrics.notificationSeconds.observe(durationMs / 1000);
      say('debug', 'notification.answered', 'notification request answered', { durationMs });
    },
  };
}

type WorkEvents = 'jobEnded' | 'jobRetried' | 'jobDead';

function workEvents(say: Say, metrics: Metrics): Pick<Events, WorkEvents> {
  return {
    jobEnded: ({ kind, outcome, at, durationMs }) => {
      metrics.jobAttempts.inc({ kind, outcome });
      metrics.jobSeconds.observe({ kind, outcome }, durationMs / 1000);
      if (kind === 'delta-round' && outcome === 'done') metrics.lastReconcile.set(at / 1000);
      say('debug', 'job.ended', 'job attempt ended', { kind, outcome, durationMs });
    },
    jobRetried: ({ kind, reason, attempt, trackingId }) => {
      const facts = { kind, reason, attempt, ...tracked(trackingId) };
      say('warn', 'job.retried', 'job will be tried again', facts);
    },
    jobDead: ({ kind, reason, attempt, trackingId }) => {
      say('error', 'job.dead', 'job given up', { kind, reason, attempt, ...tracked(trackingId) });
    },
  };
}

type StateEvents =
  | 'alarmRaised'
  | 'alarmCleared'
  | 'mailboxStateChanged'
  | 'subscriptionSilent'
  | 'presenceChanged';

function stateEvents(say: Say, metrics: Metrics): Pick<Events, StateEvents> {
  return {
    alarmRaised: ({ id, subject, reason }) => {
      metrics.alarmChanges.inc({ id, change: 'raised' });
      say('error', 'alarm.raised', 'alarm raised', { id, mailbox: subject, reason });
    },
    alarmCleared: ({ id, subject, reason }) => {
      metrics.alarmChanges.inc({ id, change: 'cleared' });
      say('info', 'alarm.cleared', 'alarm cleared', { id, mailbox: subject, reason });
    },
    mailboxStateChanged: ({ mailboxId, state, reason }) => {
      metrics.mailboxChanges.inc({ state });
      say('info', 'mailbox.changed', 'mailbox changed its state', { mailboxId, state, reason });
    },
    subscriptionSilent: ({ mailboxId, unheard }) => {
      metrics.silences.inc();
      say('warn', 'subscription.silent', 'subscription told nothing; it is made anew', {
        mailboxId,
        unheard,
      });
    },
    presenceChanged: ({ mailboxId, away }) => {
      metrics.presenceChanges.inc({ away: String(away) });
      say('info', 'presence.changed', 'presence told to Webex', { mailboxId, away });
    },
  };
}

type ProcessEvents =
  | 'auditHeadSigned'
  | 'signedIn'
  | 'setupLink'
  | 'applianceStarted'
  | 'firstJobLeased'
  | 'applianceStopping'
  | 'fault';

function processEvents(say: Say, metrics: Metrics): Pick<Events, ProcessEvents> {
  return {
    auditHeadSigned: (head) => say('info', 'audit.head_signed', 'head of the audit log', { ...head }),
    signedIn: (result) => {
      metrics.logins.inc({ result });
      say(result === 'success' ? 'info' : 'warn', 'admin.signed_in', 'sign-in to the status page', {
        result,
      });
    },
    setupLink: (result) => {
      metrics.setupLinks.inc({ result });
      const level = result === 'refused' || result === 'limited' ? 'warn' : 'info';
      say(level, 'admin.setup_link', 'set-up link', { result });
    },
    applianceStarted: ({ version, lab, syncMode, publicUrl, adminUrl }) =>
      say('info', 'appliance.started', 'appliance started', { version, lab, syncMode, publicUrl, adminUrl }),
    firstJobLeased: ({ kind, sinceStartMs }) => {
      metrics.firstJobLeased.set(sinceStartMs / 1000);
      say('info', 'job.first_leased', 'first job leased', { kind, sinceStartMs });
    },
    applianceStopping: (reason) => say('info', 'appliance.stopping', 'appliance stopping', { reason }),
    fault: (reason, error) => {
      metrics.faults.inc();
      say('error', 'appliance.fault', 'unexpected fault', { reason, ...describeFault(error) });
    },
  };
}
