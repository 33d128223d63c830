import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { AuditEntry, SignedAuditHead } from '../domain/audit.ts';

const HASH = z.string().regex(/^[0-9a-f]{64}$/);
const NUMBER = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const TEXT = z.string().nullable();
/** Acts of later versions are rows like any other, so words are taken as they are. */
const ENTRY = z.object({
  seq: NUMBER,
  at: z.number(),
  who: z.string(),
  from: z.string(),
  act: z.string(),
  phase: z.string(),
  intent: NUMBER.nullable(),
  outcome: TEXT,
  reason: TEXT,
  mailboxId: NUMBER.nullable(),
  mailboxHash: TEXT,
  about: TEXT,
  count: NUMBER,
  hash: HASH,
});
const HEAD = z.object({
  first: NUMBER.min(1),
  previous: HASH,
  last: NUMBER,
  hash: HASH,
  at: z.number(),
  publicKey: z.string(),
  signature: z.string(),
});
const ROWS = z.object({ rows: z.array(ENTRY) });
const HEAD_LINE = z.object({ head: HEAD });

/** The rows in an answer of the running appliance. */
export function rowsIn(answer: string): readonly AuditEntry[] {
  return ROWS.parse(JSON.parse(answer)).rows as readonly AuditEntry[];
}

export function headIn(answer: string): SignedAuditHead {
  return HEAD.parse(JSON.parse(answer));
}

/** One row as a line of an export. */
export function entryLine(entry: AuditEntry): string {
  return JSON.stringify(entry);
}

/** The last line of an export. */
export function headLine(head: SignedAuditHead): string {
  return JSON.stringify({ head });
}

export type AuditLine =
  | { readonly kind: 'entry'; readonly entry: AuditEntry }
  | { readonly kind: 'head'; readonly head: SignedAuditHead }
  /** Neither a row nor a head: `line` counts from 1. */
  | { readonly kind: 'foreign'; readonly line: number };

/** The lines of an exported file. Throws Node's error when it can't be read. */
export async function* auditLines(file: string): AsyncGenerator<AuditLine> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  let line = 0;
  for await (const text of lines) {
    line += 1;
    yield lineOf(text, line);
  }
}

/** The head at the end of an exported file; null when it has none. */
export async function headOfFile(file: string): Promise<SignedAuditHead | null> {
  let head: SignedAuditHead | null = null;
  for await (const line of auditLines(file)) head = line.kind === 'head' ? line.head : null;
  return head;
}

function lineOf(text: string, line: number): AuditLine {
  const json = parsed(text);
  const head = HEAD_LINE.safeParse(json).data?.head;
  if (head !== undefined) return { kind: 'head', head };
  const entry = ENTRY.safeParse(json).data;
  return entry === undefined ? { kind: 'foreign', line } : { kind: 'entry', entry: entry as AuditEntry };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
