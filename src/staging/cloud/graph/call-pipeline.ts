import type { Context, MiddlewareHandler } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import { type Call, servedOrBroken } from './faults/call-faults.ts';
import { consentRefusal } from './faults/consent.ts';
import { mailboxState, stateRefusal } from './faults/mailbox-state.ts';
import { overBadLine } from './faults/transport-faults.ts';
import { requireApp } from './graph-call.ts';
import { graphState } from './graph-state.ts';
import { appName } from './graph-writes.ts';
import { findOwner } from './mailbox-owner.ts';

/** What every call to Graph goes through before and after its route, members of a batch included. */
export function callPipeline(context: CloudContext): MiddlewareHandler {
  const { faults, throttles, asked } = graphState(context);
  return async (c, next) => {
    faults.strike(c.req.method, c.req.path);
    const app = appName(context, requireApp(context, c));
    asked.note(app, c.req.method, c.req.path);
    if (app === 'appliance') {
      const refusal = consentRefusal(context);
      if (refusal === 'empty-401') return c.body(null, 401);
      if (refusal !== null) throw refusal;
    }
    const { method, path } = c.req;
    const mailbox = mailboxIn(context, path);
    const about = { app, mailbox, method, path };
    refuseByState(context, about);
    const refusal = throttles.refuse(about);
    if (refusal !== null) throw refusal;
    await inPlace(context, about, () => throughFaults(context, c, { about, serve: next }));
    return undefined;
  };
}

type About = Call['about'] & {
  readonly mailbox: string | null;
  readonly method: string;
  readonly path: string;
};

// People's calendar clients have budgets of their own each: only the appliance's calls are counted.
async function inPlace(
  context: CloudContext,
  { app, mailbox }: About,
  call: () => Promise<void>,
): Promise<void> {
  if (mailbox === null || app !== 'appliance') {
    await call();
    return;
  }
  const leave = graphState(context).concurrency.enter(app, mailbox);
  try {
    await call();
  } finally {
    leave();
  }
}

async function throughFaults(context: CloudContext, c: Context, call: Call): Promise<void> {
  const serve = async (): Promise<void> => {
    const broken = await servedOrBroken(context, c, call);
    if (broken !== null) replaceAnswer(c, broken);
    const requestId = c.req.header('client-request-id');
    if (requestId !== undefined) c.header('client-request-id', requestId);
  };
  const bad = await overBadLine(context, c, { ...call, serve });
  if (bad !== null) replaceAnswer(c, bad);
}

// Setting an answer over another one would keep the headers of the first.
function replaceAnswer(c: Context, answer: Response): void {
  c.res = undefined;
  c.res = answer;
}

function refuseByState(context: CloudContext, { app, mailbox, method, path }: About): void {
  const state = mailbox === null ? null : mailboxState(context, app, mailbox);
  if (state === null) return;
  const right = /\/mailboxSettings/i.test(path) ? 'settings' : 'calendars';
  const writes = method !== 'GET' && !/\/getSchedule$/i.test(path);
  const refusal = stateRefusal(state, right, writes);
  if (refusal !== null) throw refusal;
}

function mailboxIn(context: CloudContext, path: string): string | null {
  const name = /^\/v1\.0\/users\/([^/]+)/i.exec(path)?.[1];
  if (name === undefined) return null;
  try {
    return findOwner(context, decodeURIComponent(name))?.guid ?? null;
  } catch {
    return null;
  }
}
