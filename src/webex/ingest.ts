import { AppError } from '../domain/app-error.ts';
import type { DeliveryOutcome, MeetingItem, MeetingSink, PresenceState } from '../domain/ports.ts';
import {
  callWebex,
  unreadableAnswer,
  type WebexAnswer,
  type WebexCall,
  type WebexRestDeps,
  webexUrl,
} from './rest.ts';

/**
 * A call about a reminder that is not answered soon is made anew, so that it comes within five seconds once answers come again. What
 * had taken effect is fenced then.
 */
const TIMEOUT = { meetings: {}, reminders: { timeoutMs: 3_500 } } as const;

export interface MeetingSinkDeps extends WebexRestDeps {
  /** Root of the ingest profile; `/users/…` follows. */
  readonly ingestUrl: string;
}

/**
 * The ingest profile as `MeetingSink`. Besides what `callWebex` throws: `WEBEX_ITEM_REFUSED` (never to be repeated) and
 * `WEBEX_NO_SUCH_USER` (scope mailbox).
 */
export function openMeetingSink(deps: MeetingSinkDeps): MeetingSink {
  const { ingestUrl } = deps;
  const withdraw = (kind: Kind, webexId: string, meetingId: string, version: number) =>
    deliver(deps, {
      method: 'DELETE',
      url: urlOf(ingestUrl, kind, webexId, meetingId, version),
      ...TIMEOUT[kind],
    });
  return {
    put: (webexId, item: MeetingItem, version) =>
      deliver(deps, {
        method: 'PUT',
        url: urlOf(ingestUrl, 'meetings', webexId, item.id),
        body: { version, item },
      }),
    withdraw: (webexId, meetingId, version) => withdraw('meetings', webexId, meetingId, version),
    putReminder: (webexId, reminder, version) =>
      deliver(deps, {
        method: 'PUT',
        url: urlOf(ingestUrl, 'reminders', webexId, reminder.id),
        body: { version, reminder },
        ...TIMEOUT.reminders,
      }),
    withdrawReminder: (webexId, meetingId, version) => withdraw('reminders', webexId, meetingId, version),
    setPresence: (webexId, presence, version) => setPresence(deps, webexId, presence, version),
  };
}

type Kind = 'meetings' | 'reminders';

/** Where one meeting, or its reminder, is told; the version is that of a withdrawal. */
function urlOf(root: string, kind: Kind, webexId: string, meetingId: string, version?: number): string {
  // Event ids hold characters that proxies like to normalise; base64url passes everywhere.
  const id = Buffer.from(meetingId, 'utf8').toString('base64url');
  return webexUrl(root, ['users', webexId, kind, id], version === undefined ? {} : { version: `${version}` });
}

/** Webex' own words: `ooo` with its end, `active` to clear it (reference: webex.md 3). A fenced one is as good as taken. */
async function setPresence(
  deps: MeetingSinkDeps,
  webexId: string,
  { away, until }: PresenceState,
  version: number,
): Promise<void> {
  const expiresTime = until === null ? {} : { expiresTime: new Date(until).toISOString() };
  const body = { version, eventType: away ? 'ooo' : 'active', ...(away ? expiresTime : {}) };
  const url = webexUrl(deps.ingestUrl, ['users', webexId, 'presence']);
  await deliver(deps, { method: 'PUT', url, body });
}

async function deliver(deps: WebexRestDeps, call: WebexCall): Promise<DeliveryOutcome> {
  const answer = await callWebex(deps, { ...call, expect: [400, 404, 409, 413] });
  return outcomeOf(call.method, answer);
}

function outcomeOf(method: WebexCall['method'], { status }: WebexAnswer): DeliveryOutcome {
  if (status === 409) return 'fenced';
  if (status === 400 || status === 413) throw itemRefused();
  if (status === 404) throw noSuchUser();
  if (status < 200 || status > 299) throw unreadableAnswer();
  if (method === 'DELETE') return 'withdrawn';
  return status === 201 ? 'created' : 'updated';
}

function itemRefused(): AppError {
  return new AppError({
    code: 'invalid',
    reason: 'WEBEX_ITEM_REFUSED',
    message: 'The Webex side does not accept this meeting item; repeating it would not help.',
    upstream: 'webex',
  });
}

function noSuchUser(): AppError {
  return new AppError({
    code: 'not_found',
    reason: 'WEBEX_NO_SUCH_USER',
    message: 'The Webex side knows no such user or room: check that the mailbox has a Webex account.',
    scope: 'mailbox',
    upstream: 'webex',
  });
}
