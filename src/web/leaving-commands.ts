import type { Context, Hono } from 'hono';
import { z } from 'zod';
import type { Clock } from '../domain/ports.ts';
import { ADDRESS_BODY, noSuchMailbox, readBody } from './command-body.ts';
import { type AdminRecord, PasswordCheck } from './password-check.ts';
import { problem } from './problem.ts';
import { SignInLimits } from './sign-in-limits.ts';

/** What sealed items of others hold, of which nobody knows whom they name. */
export interface OthersHold {
  readonly mailboxes: number;
  readonly meetings: number;
}

export interface LeavingCommandDeps {
  readonly clock: Clock;
  /** An administrator by name. */
  findAdmin(name: string): AdminRecord | null;
  /** Null when no mailbox has this address. */
  forgetMailbox(address: string): Promise<OthersHold | null>;
  /** All that is held on a mailbox, in clear; null when no mailbox has this address. Done in an administrator's name. */
  exportMailbox(address: string, admin: string): Promise<object | null>;
  /** An export was refused. `admin` is null for a name that nobody has. */
  exportRefused(reason: 'failure' | 'limited', admin: string | null): void;
}

const EXPORT_BODY = ADDRESS_BODY.extend({ name: z.string(), password: z.string() });
/** All come from the same socket: tries are counted by the name alone. */
const SOCKET = 'command socket';

/** Forgetting a mailbox, and giving out what is held on it. */
export function addLeavingCommands(app: Hono, deps: LeavingCommandDeps): void {
  const passwords = new PasswordCheck((name) => deps.findAdmin(name), new SignInLimits(deps.clock));
  app.post('/mailboxes/forget', async (c) => {
    const body = await readBody(c, ADDRESS_BODY);
    if (body instanceof Response) return body;
    const others = await deps.forgetMailbox(body.address);
    return others === null ? noSuchMailbox(c) : c.json({ others }, 202);
  });
  app.post('/mailboxes/export', async (c) => {
    const body = await readBody(c, EXPORT_BODY);
    if (body instanceof Response) return body;
    const checked = await passwords.try(body.name, body.password, SOCKET);
    if (checked.kind !== 'right') return refuse(c, deps, checked.kind, body.name);
    const held = await deps.exportMailbox(body.address, checked.admin.name);
    return held === null ? noSuchMailbox(c) : c.json(held);
  });
}

function refuse(c: Context, deps: LeavingCommandDeps, kind: 'wrong' | 'limited', name: string): Response {
  const admin = deps.findAdmin(name)?.name ?? null;
  deps.exportRefused(kind === 'wrong' ? 'failure' : 'limited', admin);
  return kind === 'wrong'
    ? problem(c, 401, 'WRONG_NAME_OR_PASSWORD', 'The name or the password is wrong.')
    : problem(c, 429, 'TOO_MANY_TRIES', 'There were too many tries: wait a quarter of an hour.');
}
