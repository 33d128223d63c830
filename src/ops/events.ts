import type { SignedAuditHead } from '../domain/audit.ts';
import type { DeliveryRow } from '../domain/rows.ts';
import type {
  AlarmChange,
  JobEnd,
  JobFailure,
  MailboxChange,
  StartFacts,
  UpstreamAnswer,
  UpstreamChange,
} from './event-facts.ts';
import { describeFault } from './fault-description.ts';
import { type KeyEvents, keyEvents } from './key-events.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { type ReminderEvents, reminderEvents } from './reminder-events.ts';
import type { Say } from './say.ts';

/** One function per business event: one log line and one counter each. Arguments are ids, codes and counts, never content. */
export interface Events extends KeyEvents, ReminderEvents {
  notificationAccepted(count: number): void;
  /** `result` is a bounded word, e.g. `forged`, `malformed`, `oversized`, `unknown`. */
  notificationDropped(result: string, count: number): void;
  /** A request of Graph got its answer. */
  notificationAnswered(durationMs: number): void;
  eventDecorated(ids: { readonly mailboxId: number; readonly eventId: string }): void;
  meetingSealed(ids: {
    readonly mailboxId: number;
    readonly meetingId: string;
    readonly version: number;
  }): void;
  /** `sinceHintMs`: from the first hint of the change to now. */
  delivered(row: DeliveryRow, sinceHintMs: number): void;
  jobEnded(end: JobEnd): void;
  jobRetried(job: JobFailure): void;
  jobDead(job: JobFailure): void;
  upstreamAnswered(answer: UpstreamAnswer): void;
  upstreamPaused(change: UpstreamChange): void;
  upstreamBack(change: UpstreamChange): void;
  alarmRaised(alarm: AlarmChange): void;
  alarmCleared(alarm: AlarmChange): void;
  mailboxStateChanged(change: MailboxChange): void;
  /** The event WebSocket could not be opened or kept; it is tried again. */
  eventStreamLost(reason: string): void;
  /** Webex gave no new token, or did not tell when the present one ends; it is asked again. */
  webexTokenFailed(reason: string): void;
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

function meetingEvents(
  say: Say,
  metrics: Metrics,
): Pick<Events, 'eventDecorated' | 'meetingSealed' | 'delivered'> {
  return {
    eventDecorated: ({ mailboxId, eventId }) => {
      metrics.decorated.inc();
      say('info', 'event.decorated', 'join details written', { mailboxId, eventId });
    },
    meetingSealed: ({ mailboxId, meetingId, version }) => {
      metrics.sealed.inc();
      say('info', 'meeting.sealed', 'meeting sealed and stored', { mailboxId, meetingId, version });
    },
    delivered: ({ mailboxId, meetingId, version, kind, latencyMs }, sinceHintMs) => {
      metrics.deliveries.inc({ kind });
      // After a jump of the clock a duration may be negative; a histogram must never see that.
      metrics.eventToPush.observe(Math.max(0, sinceHintMs) / 1000);
      const ids = { mailboxId, meetingId, version, kind, latencyMs, sinceHintMs };
      say('info', 'meeting.delivered', 'meeting delivered', ids);
    },
  };
}

type WorkEvents = 'jobEnded' | 'jobRetried' | 'jobDead' | 'upstreamAnswered';

/** A class of statuses as a label: `2xx`; `none` without an answer. */
const classOf = (status: number | null): string =>
  status === null ? 'none' : `${Math.floor(status / 100)}xx`;

/** Only where there is one. */
const tracked = (trackingId: string | undefined): object => (trackingId === undefined ? {} : { trackingId });

function workEvents(say: Say, metrics: Metrics): Pick<Events, WorkEvents> {
  return {
    jobEnded: ({ kind, outcome, at, durationMs }) => {
      metrics.jobAttempts.inc({ kind, outcome });
      metrics.jobSeconds.observe({ kind, outcome }, durationMs / 1000);
      if (kind === 'delta-round' && outcome === 'done') metrics.lastReconcile.set(at / 1000);
      say('debug', 'job.ended', 'job attempt ended', { kind, outcome, durationMs });
    },
    upstreamAnswered: ({ upstream, status, durationMs }) => {
      metrics.upstreamRequests.inc({ upstream, code_class: classOf(status) });
      metrics.upstreamSeconds.observe({ upstream }, durationMs / 1000);
      say('debug', 'upstream.answered', 'upstream answered', { upstream, status, durationMs });
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
  | 'upstreamPaused'
  | 'upstreamBack'
  | 'alarmRaised'
  | 'alarmCleared'
  | 'mailboxStateChanged'
  | 'eventStreamLost'
  | 'webexTokenFailed'
  | 'subscriptionSilent'
  | 'presenceChanged';

function stateEvents(say: Say, metrics: Metrics): Pick<Events, StateEvents> {
  return {
    upstreamPaused: ({ upstream, reason, trackingId }) => {
      metrics.upstreamPauses.inc({ upstream });
      say('warn', 'upstream.paused', 'upstream paused', { upstream, reason, ...tracked(trackingId) });
    },
    upstreamBack: ({ upstream, reason }) => {
      say('info', 'upstream.back', 'upstream is back', { upstream, reason });
    },
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
    webexTokenFailed: (reason) =>
      say('warn', 'webex.token_failed', 'no new token from Webex; it is asked again', { reason }),
    eventStreamLost: (reason) => {
      metrics.streamFailures.inc();
      say('warn', 'stream.lost', 'event WebSocket is not open; it is tried again', { reason });
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
