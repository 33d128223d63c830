import { z } from 'zod';
import { AppError, type AppErrorFacts } from '../domain/app-error.ts';

/** A refused call, before it is judged. */
export interface Refusal {
  readonly status: number;
  /** The body as it came; it is looked into and never quoted. */
  readonly text: string;
  /** From Retry-After; null when there was none. */
  readonly retryAfterMs: number | null;
  /** False for calls that belong to no mailbox, e.g. the listing of subscriptions. */
  readonly ofMailbox: boolean;
}

type Judgement = Omit<AppErrorFacts, 'upstream' | 'retryAfterMs'> & { readonly restMs?: number };

const BODY = z.object({
  error: z.object({ code: z.string().catch(''), message: z.string().catch('') }),
});
const NO_MAILBOX = new Set([
  'mailboxnotenabledforrestapi',
  'mailboxnotsupportedforrestapi',
  'errorinvaliduser',
  'resourcenotfound',
  'request_resourcenotfound',
  'errornonexistentmailbox',
]);
const OUTSIDE_SCOPE = /\[RAOP\]|AppOnly AccessPolicy|Access to OData is disabled/i;
const MOVING_REST_MS = 10 * 60_000;

/** Error code in lower case and message of Graph's error body; empty when the body is something else. */
export function errorBody(text: string): { readonly code: string; readonly message: string } {
  try {
    const { code, message } = BODY.parse(JSON.parse(text)).error;
    return { code: code.toLowerCase(), message };
  } catch {
    return { code: '', message: '' };
  }
}

/** True for the 404 codes that say: there is no mailbox here that Graph could open (reference: graph.md 1.5). */
export function saysNoMailbox(refusal: Refusal): boolean {
  return refusal.status === 404 && NO_MAILBOX.has(errorBody(refusal.text).code);
}

/** True only when Graph itself says so; the 404 of some proxy must not look like a deleted event. */
export function saysNoItem(refusal: Refusal): boolean {
  return refusal.status === 404 && errorBody(refusal.text).code === 'erroritemnotfound';
}

/** True when the mailbox is on its way to another place, which takes hours. */
export function saysMoving(text: string): boolean {
  return errorBody(text).code === 'errormailboxmoveinprogress';
}

/** What a refused call means (reference: graph.md 1.5 and 2.3), with the reach of the trouble as scope. */
export function graphError(refusal: Refusal): AppError {
  const { code, message } = errorBody(refusal.text);
  const { restMs, ...facts } = judge(refusal, code, message);
  const waitMs = Math.max(refusal.retryAfterMs ?? 0, restMs ?? 0);
  return new AppError({ ...facts, upstream: 'graph', ...(waitMs > 0 ? { retryAfterMs: waitMs } : {}) });
}

function judge(refusal: Refusal, code: string, message: string): Judgement {
  const { status } = refusal;
  if (code === 'errormailboxmoveinprogress' || status === 423) return MOVING;
  if (code === 'extensionerror') return judgeRelayed(message);
  if (status === 400) return judgeBadRequest(code, message);
  if (status === 401) return TOKEN_REFUSED;
  if (status === 403) return judgeForbidden(code, message, refusal.ofMailbox);
  if (status === 404) return saysNoMailbox(refusal) ? NO_SUCH_MAILBOX : UNEXPECTED;
  if (status === 409 || status === 412) return CONFLICT;
  if (status === 413) return REFUSED;
  if (status === 429) return { ...THROTTLED, scope: refusal.ofMailbox ? 'mailbox' : 'upstream' };
  if (status === 507) return FULL;
  if (status >= 500) return judgeBroken(status, code);
  return status >= 400 ? REFUSED : UNEXPECTED;
}

function judgeBadRequest(code: string, message: string): Judgement {
  if (code !== 'invalidrequest' && code !== 'validationerror') return REFUSED;
  if (/underlying connection was closed/i.test(message)) return HANDSHAKE_TLS;
  return /validation request/i.test(message) ? HANDSHAKE : REFUSED;
}

// Graph relays Exchange's own refusal of a subscription with its status as a word in the text.
function judgeRelayed(message: string): Judgement {
  if (OUTSIDE_SCOPE.test(message)) return MAILBOX_DENIED;
  return /on backend 'Unknown'|'Resource' is invalid/i.test(message) ? NO_SUCH_MAILBOX : MAILBOX_BUSY;
}

function judgeForbidden(code: string, message: string, ofMailbox: boolean): Judgement {
  if (ofMailbox && OUTSIDE_SCOPE.test(message)) return MAILBOX_DENIED;
  // Exchange's own words, by which RBAC for Applications shuts one mailbox and a missing role shuts every one.
  if (ofMailbox && code === 'erroraccessdenied') return ACCESS_DENIED;
  if (ofMailbox && /quota|subscription limit|maximum number/i.test(message)) return QUOTA;
  return CONSENT_MISSING;
}

function judgeBroken(status: number, code: string): Judgement {
  if (code === 'errormailboxstoreunavailable') return MAILBOX_BUSY;
  // A 500 is mostly about one item; it must not stop the other mailboxes.
  return status === 500 ? INTERNAL_ERROR : UNAVAILABLE;
}

const MOVING: Judgement = {
  code: 'unavailable',
  reason: 'GRAPH_MAILBOX_MOVING',
  message: 'Microsoft 365 is moving this mailbox to another place; work on it goes on afterwards.',
  scope: 'mailbox',
  restMs: MOVING_REST_MS,
};
const TOKEN_REFUSED: Judgement = {
  code: 'unauthenticated',
  reason: 'GRAPH_TOKEN_REFUSED',
  message: 'Microsoft Graph refuses a fresh token of this application: check its consent and the tenant.',
  scope: 'upstream',
};
const CONSENT_MISSING: Judgement = {
  code: 'forbidden',
  reason: 'GRAPH_CONSENT_MISSING',
  message:
    'The application lacks a permission in Microsoft 365: an administrator has to grant consent again.',
  scope: 'upstream',
};
const MAILBOX_DENIED: Judgement = {
  code: 'forbidden',
  reason: 'GRAPH_MAILBOX_DENIED',
  message:
    'An access policy in Exchange Online keeps the application out of this mailbox: add it to the policy.',
  scope: 'mailbox',
};
const ACCESS_DENIED: Judgement = {
  code: 'forbidden',
  reason: 'GRAPH_ACCESS_DENIED',
  message:
    'Exchange Online denies the application this mailbox: it is outside the scope of RBAC for Applications, or a role is missing.',
  scope: 'mailbox',
};
const QUOTA: Judgement = {
  code: 'forbidden',
  reason: 'GRAPH_SUBSCRIPTION_QUOTA',
  message: 'This mailbox has as many subscriptions as Microsoft 365 allows; other applications hold them.',
  scope: 'mailbox',
};
const NO_SUCH_MAILBOX: Judgement = {
  code: 'not_found',
  reason: 'GRAPH_NO_SUCH_MAILBOX',
  message: 'There is no cloud mailbox here: check its licence and whether it is still on premises.',
  scope: 'mailbox',
};
const MAILBOX_BUSY: Judgement = {
  code: 'unavailable',
  reason: 'GRAPH_MAILBOX_UNAVAILABLE',
  message: 'Microsoft 365 cannot open this mailbox at the moment; it is tried again.',
  scope: 'mailbox',
};
const FULL: Judgement = {
  code: 'unavailable',
  reason: 'GRAPH_MAILBOX_FULL',
  message: 'The mailbox is full; nothing can be written to it until its owner makes room.',
  scope: 'mailbox',
};
const HANDSHAKE: Judgement = {
  code: 'unavailable',
  reason: 'GRAPH_CANNOT_REACH_US',
  message: 'Microsoft 365 cannot reach web.public_url: check DNS, firewall and reverse proxy.',
  scope: 'mailbox',
};
const HANDSHAKE_TLS: Judgement = {
  code: 'unavailable',
  reason: 'GRAPH_CANNOT_TRUST_US',
  message:
    'Microsoft 365 cannot open TLS to web.public_url: its certificate must be public and its chain whole.',
  scope: 'mailbox',
};
const CONFLICT: Judgement = {
  code: 'conflict',
  reason: 'GRAPH_CONFLICT',
  message: 'Somebody else changed the same thing in Microsoft 365 at that moment; it is looked at again.',
};
const THROTTLED: Judgement = {
  code: 'throttled',
  reason: 'GRAPH_THROTTLED',
  message: 'Microsoft 365 asks the appliance to slow down; the work waits as long as it was told to.',
};
const REFUSED: Judgement = {
  code: 'invalid',
  reason: 'GRAPH_REQUEST_REFUSED',
  message: 'Microsoft Graph does not accept this request; repeating it would not help.',
};
const INTERNAL_ERROR: Judgement = {
  code: 'unavailable',
  reason: 'GRAPH_INTERNAL_ERROR',
  message: 'Microsoft Graph failed over this request; it is tried again.',
};
const UNAVAILABLE: Judgement = {
  code: 'unavailable',
  reason: 'GRAPH_UNAVAILABLE',
  message: 'Microsoft Graph is not available at the moment.',
  scope: 'upstream',
};
const UNEXPECTED: Judgement = {
  code: 'unavailable',
  reason: 'GRAPH_UNEXPECTED_ANSWER',
  message: 'An answer came that Microsoft Graph would not give: check whether a proxy stands in between.',
};
