import type { Context, Hono } from 'hono';
import { z } from 'zod';
import type { AuditEntry, SignedAuditHead } from '../domain/audit.ts';
import { problem } from './problem.ts';

/** Rows in one answer: some hundred kilobytes. */
const PAGE_ROWS = 1000;
const FIRST = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).default(1);

export interface AuditCommandDeps {
  /** Signs all from this row on; that it is exported is the last of these rows. */
  auditHead(first: number): Promise<SignedAuditHead>;
  /** Rows of the audit log from a number on, in order. */
  auditRows(first: number, limit: number): readonly AuditEntry[];
}

/** The audit log over the command socket: a signed head, and the rows page by page. */
export function addAuditCommands(app: Hono, deps: AuditCommandDeps): void {
  app.get('/audit', (c) => withFirst(c, (first) => c.json({ rows: deps.auditRows(first, PAGE_ROWS) })));
  app.post('/audit/heads', (c) => withFirst(c, async (first) => c.json(await deps.auditHead(first), 201)));
}

function withFirst(
  c: Context,
  answer: (first: number) => Response | Promise<Response>,
): Response | Promise<Response> {
  const first = FIRST.safeParse(c.req.query('from'));
  if (!first.success) return problem(c, 400, 'INVALID_FIELD', 'from must be the number of a row, 1 or more.');
  return answer(first.data);
}
