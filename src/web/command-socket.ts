import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { EgressHost } from '../domain/egress.ts';
import type { KeyReport, RotationAnswer, RotationOrder } from '../domain/key-report.ts';
import type { Random } from '../domain/ports.ts';
import type { HealthFacts, MailboxFacts, ResyncProgress } from '../domain/status.ts';
import type { TraceLine } from '../domain/trace.ts';
import { isAdminName } from './admin-name.ts';
import { type AuditCommandDeps, addAuditCommands } from './audit-commands.ts';
import { ADDRESS_BODY, noSuchMailbox, readBody } from './command-body.ts';
import { egressDocument } from './egress.ts';
import { securityHeaders } from './guard.ts';
import { healthDocument } from './health.ts';
import { keyDocument } from './key-document.ts';
import { addLeavingCommands, type LeavingCommandDeps } from './leaving-commands.ts';
import { hashPassword, isAcceptablePassword, tellsItself } from './password.ts';
import { onProblem, problem } from './problem.ts';
import { TRACE_BODY, traceAnswer } from './trace-answer.ts';

export type MailboxLine = Pick<MailboxFacts, 'id' | 'kind' | 'address' | 'state' | 'reason'>;

export interface CommandDeps extends AuditCommandDeps, LeavingCommandDeps {
  readonly random: Random;
  /** `created` is false when the mailbox was there already. */
  addMailbox(
    address: string,
    kind: 'person' | 'room',
  ): Promise<{ readonly id: number; readonly created: boolean }>;
  /** False when no mailbox has this address. */
  retryMailbox(address: string): Promise<boolean>;
  removeMailbox(address: string): Promise<boolean>;
  /** Null for all of them. */
  resyncMailbox(address: string | null): Promise<boolean>;
  resyncProgress(): ResyncProgress;
  /** How long before the start reminders come there, in milliseconds; null for as long as everywhere. */
  setReminderLead(address: string, leadMs: number | null): Promise<boolean>;
  mailboxes(): Promise<readonly MailboxLine[]>;
  /** The last decisions on a mailbox's events, at an instant or all; null when no mailbox has this address. */
  traces(address: string, at: number | null): Promise<readonly TraceLine[] | null>;
  /** In how many invitations keywords are put back, or would be; null when no mailbox has the address. Null for all mailboxes. */
  undecorate(address: string | null, dryRun: boolean): Promise<number | null>;
  /** Makes or changes an administrator; sessions begun with the old password must end. */
  setAdmin(name: string, passwordHash: string): Promise<void>;
  /** The address of a new one-time set-up link; null when an administrator exists and `reset` was not asked for. */
  makeSetupLink(reset: boolean): string | null;
  health(): HealthFacts;
  /** Every host that may be connected to, and how much it was used. */
  egress(): readonly EgressHost[];
  keys(): KeyReport;
  rotateKeys(order: RotationOrder): Promise<RotationAnswer>;
  fault(error: unknown): void;
}

const mailboxBody = ADDRESS_BODY.extend({ kind: z.enum(['person', 'room']) });
const resyncBody = z.object({ address: ADDRESS_BODY.shape.address.nullable() });
const MOST_LEAD_MS = 30 * 60_000;
const settingsBody = ADDRESS_BODY.extend({ reminderLeadMs: z.int().min(0).max(MOST_LEAD_MS).nullable() });
const undecorateBody = z.object({ address: ADDRESS_BODY.shape.address.nullable(), dryRun: z.boolean() });
const adminBody = z
  .object({
    name: z.string().refine(isAdminName),
    password: z.string().refine(isAcceptablePassword),
  })
  .refine(({ name, password }) => !tellsItself(password, name), { path: ['weak'] });
const rotationBody = z.discriminatedUnion('of', [
  z.object({ of: z.literal('mailboxes') }),
  z.object({ of: z.literal('mailbox'), address: ADDRESS_BODY.shape.address }),
  z.object({ of: z.literal('directory') }),
]);
const setupLinkBody = z.object({ reset: z.boolean() });

const ADMIN_EXISTS =
  'An administrator exists already: sign in, or add --reset to choose a name and a password anew.';

/** Commands from the same machine, over a unix socket that only the service's own account can open. */
export function commandApp(deps: CommandDeps): Hono {
  const app = new Hono();
  app.use(securityHeaders());
  app.get('/status', (c) => c.json(healthDocument(deps.health(), { verbose: true, version: true })));
  app.get('/egress', (c) => c.json(egressDocument(deps.egress())));
  app.get('/mailboxes', async (c) => c.json({ mailboxes: (await deps.mailboxes()).map(lineOf) }));
  app.post('/mailboxes', async (c) => {
    const body = await readBody(c, mailboxBody);
    if (body instanceof Response) return body;
    const added = await deps.addMailbox(body.address, body.kind);
    return c.json({ id: added.id, created: added.created }, added.created ? 201 : 200);
  });
  app.post('/mailboxes/retry', (c) => withMailbox(c, (address) => deps.retryMailbox(address)));
  app.post('/mailboxes/remove', (c) => withMailbox(c, (address) => deps.removeMailbox(address)));
  app.get('/mailboxes/resync', (c) => c.json(deps.resyncProgress()));
  app.post('/mailboxes/resync', async (c) => {
    const body = await readBody(c, resyncBody);
    if (body instanceof Response) return body;
    return (await deps.resyncMailbox(body.address)) ? c.body(null, 202) : noSuchMailbox(c);
  });
  app.post('/mailboxes/set', async (c) => {
    const body = await readBody(c, settingsBody);
    if (body instanceof Response) return body;
    const known = await deps.setReminderLead(body.address, body.reminderLeadMs);
    return known ? c.body(null, 204) : noSuchMailbox(c);
  });
  app.post('/traces', async (c) => {
    const body = await readBody(c, TRACE_BODY.extend({ address: ADDRESS_BODY.shape.address }));
    if (body instanceof Response) return body;
    const lines = await deps.traces(body.address, body.at);
    return lines === null ? noSuchMailbox(c) : traceAnswer(c, lines);
  });
  app.post('/undecorate', async (c) => {
    const body = await readBody(c, undecorateBody);
    if (body instanceof Response) return body;
    const invitations = await deps.undecorate(body.address, body.dryRun);
    return invitations === null ? noSuchMailbox(c) : c.json({ invitations });
  });
  app.get('/keys', (c) => c.json(keyDocument(deps.keys())));
  app.post('/keys/rotate', async (c) => {
    const body = await readBody(c, rotationBody);
    if (body instanceof Response) return body;
    const state = await deps.rotateKeys(body);
    return state === 'unknown' ? noSuchMailbox(c) : c.json({ state }, 202);
  });
  app.post('/admins', async (c) => {
    const body = await readBody(c, adminBody);
    if (body instanceof Response) return body;
    await deps.setAdmin(body.name, await hashPassword(body.password, deps.random));
    return c.body(null, 204);
  });
  app.post('/setup-links', async (c) => {
    const body = await readBody(c, setupLinkBody);
    if (body instanceof Response) return body;
    const url = deps.makeSetupLink(body.reset);
    return url === null ? problem(c, 409, 'ADMIN_EXISTS', ADMIN_EXISTS) : c.json({ url }, 201);
  });
  addAuditCommands(app, deps);
  addLeavingCommands(app, deps);
  app.notFound((c) => problem(c, 404, 'NO_SUCH_COMMAND', 'This version knows no such command.'));
  app.onError(onProblem((error) => deps.fault(error)));
  return app;
}

async function withMailbox(c: Context, act: (address: string) => Promise<boolean>): Promise<Response> {
  const body = await readBody(c, ADDRESS_BODY);
  if (body instanceof Response) return body;
  if (await act(body.address)) return c.body(null, 202);
  return noSuchMailbox(c);
}

function lineOf({ id, kind, address, state, reason }: MailboxLine): MailboxLine {
  return { id, kind, address, state, reason };
}
