import type { AlarmId } from '../domain/alarm.ts';
import type { Upstream } from '../domain/app-error.ts';
import type { DeliveryRow } from '../domain/rows.ts';
import type { MailboxState } from '../domain/status.ts';
import { describeFault } from './fault-description.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';

export interface JobFailure {
  readonly kind: string;
  readonly reason: string;
  readonly attempt: number;
}

export interface UpstreamChange {
  readonly upstream: Upstream;
  readonly reason: string;
}

/** `subject` is the row number of a mailbox or empty, never an address. */
export interface AlarmChange {
  readonly id: AlarmId;
  readonly subject: string;
  readonly reason: string;
}

export interface MailboxChange {
  readonly mailboxId: number;
  readonly state: MailboxState;
  readonly reason: string | null;
}

export interface StartFacts {
  readonly version: string;
  readonly lab: boolean;
  readonly syncMode: string;
  readonly publicUrl: string | null;
  readonly adminUrl: string;
}

/** One function per business event: one log line and one counter each. Arguments are ids, codes and counts, never content. */
export interface Events {
  notificationAccepted(count: number): void;
  /** `result` is a bounded word, e.g. `forged`, `malformed`, `oversized`, `unknown`. */
  notificationDropped(result: string, count: number): void;
  eventDecorated(ids: { readonly mailboxId: number; readonly eventId: string }): void;
  meetingSealed(ids: {
    readonly mailboxId: number;
    readonly meetingId: string;
    readonly version: number;
  }): void;
  delivered(row: DeliveryRow): void;
  jobRetried(job: JobFailure): void;
  jobDead(job: JobFailure): void;
  upstreamPaused(change: UpstreamChange): void;
  upstreamBack(change: UpstreamChange): void;
  alarmRaised(alarm: AlarmChange): void;
  alarmCleared(alarm: AlarmChange): void;
  mailboxStateChanged(change: MailboxChange): void;
  /** The event WebSocket could not be opened or kept; it is tried again. */
  eventStreamLost(reason: string): void;
  /** Changes were found by asking that no notification told of; the subscription is made anew. */
  subscriptionSilent(facts: { readonly mailboxId: number; readonly unheard: number }): void;
  /** Webex acknowledged that somebody is out of office, or back. */
  presenceChanged(facts: { readonly mailboxId: number; readonly away: boolean }): void;
  keysIssued(count: number): void;
  /** `result` is a bounded word, e.g. `ok`, `refused`, `throttled`. */
  signedIn(result: string): void;
  applianceStarted(facts: StartFacts): void;
  /** Once after each start. `sinceStartMs` counts from the start of the process, in real time. */
  firstJobLeased(facts: { readonly kind: string; readonly sinceStartMs: number }): void;
  applianceStopping(reason: string): void;
  /** The stack is logged, the messages of foreign errors are not: they may quote content. */
  fault(reason: string, error: unknown): void;
}

/** Levels: error = a human must act, warn = the machine is coping, info = business event, debug = the rest. */
type Level = 'error' | 'warn' | 'info' | 'debug';
type Say = (level: Level, event: string, msg: string, ids?: object) => void;

export function openEvents(log: Logger, metrics: Metrics): Events {
  const say: Say = (level, event, msg, ids = {}) => {
    metrics.logLines.inc({ level });
    log[level]({ event, ...ids }, msg);
  };
  return {
    ...notificationEvents(say, metrics),
    ...meetingEvents(say, metrics),
    ...workEvents(say, metrics),
    ...stateEvents(say, metrics),
    ...processEvents(say, metrics),
  };
}

function notificationEvents(say: Say, metrics: Metrics) {
  return {
    notificationAccepted: (count: number) => {
      metrics.notifications.inc({ result: 'accepted' }, count);
      say('debug', 'notification.accepted', 'notifications accepted', { count });
    },
    notificationDropped: (result: string, count: number) => {
      metrics.notifications.inc({ result }, count);
      say('warn', 'notification.dropped', 'notifications dropped', { result, count });
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
    delivered: ({ at, mailboxId, meetingId, version, kind, latencyMs }) => {
      metrics.deliveries.inc({ kind });
      // After a jump of the clock a latency may be negative; a histogram must never see that.
      metrics.deliverySeconds.observe(Math.max(0, latencyMs) / 1000);
      metrics.lastDelivery.set(at / 1000);
      say('info', 'meeting.delivered', 'meeting delivered', {
        mailboxId,
        meetingId,
        version,
        kind,
        latencyMs,
      });
    },
  };
}

function workEvents(say: Say, metrics: Metrics): Pick<Events, 'jobRetried' | 'jobDead' | 'keysIssued'> {
  return {
    jobRetried: ({ kind, reason, attempt }) => {
      metrics.jobAttempts.inc({ kind, outcome: 'retried' });
      say('warn', 'job.retried', 'job will be tried again', { kind, reason, attempt });
    },
    jobDead: ({ kind, reason, attempt }) => {
      metrics.jobAttempts.inc({ kind, outcome: 'dead' });
      say('error', 'job.dead', 'job given up', { kind, reason, attempt });
    },
    keysIssued: (count) => {
      metrics.keysIssued.inc(count);
      say('info', 'keys.issued', 'keys issued', { count });
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
  | 'subscriptionSilent'
  | 'presenceChanged';

function stateEvents(say: Say, metrics: Metrics): Pick<Events, StateEvents> {
  return {
    upstreamPaused: ({ upstream, reason }) => {
      metrics.upstreamPaused.set({ upstream }, 1);
      metrics.upstreamPauses.inc({ upstream });
      say('warn', 'upstream.paused', 'upstream paused', { upstream, reason });
    },
    upstreamBack: ({ upstream, reason }) => {
      metrics.upstreamPaused.set({ upstream }, 0);
      say('info', 'upstream.back', 'upstream is back', { upstream, reason });
    },
    alarmRaised: ({ id, subject, reason }) => {
      metrics.alarms.inc({ id });
      say('error', 'alarm.raised', 'alarm raised', { id, mailbox: subject, reason });
    },
    alarmCleared: ({ id, subject, reason }) => {
      metrics.alarms.dec({ id });
      say('info', 'alarm.cleared', 'alarm cleared', { id, mailbox: subject, reason });
    },
    mailboxStateChanged: ({ mailboxId, state, reason }) => {
      metrics.mailboxChanges.inc({ state });
      say('info', 'mailbox.changed', 'mailbox changed its state', { mailboxId, state, reason });
    },
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

type ProcessEvents = 'signedIn' | 'applianceStarted' | 'firstJobLeased' | 'applianceStopping' | 'fault';

function processEvents(say: Say, metrics: Metrics): Pick<Events, ProcessEvents> {
  return {
    signedIn: (result) => {
      metrics.signIns.inc({ result });
      say(result === 'ok' ? 'info' : 'warn', 'admin.signed_in', 'sign-in to the status page', { result });
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
