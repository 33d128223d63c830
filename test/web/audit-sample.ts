import {
  type AuditEntry,
  type AuditFacts,
  COMMAND_LINE,
  entryHash,
  GENESIS,
  NO_SUBJECT,
} from '../../src/domain/audit.ts';
import { NOW } from './status-samples.ts';

/** A command that is done. */
export const AUDIT_FACTS: AuditFacts = {
  at: NOW - 60_000,
  ...COMMAND_LINE,
  ...NO_SUBJECT,
  act: 'mailbox.remove',
  phase: 'outcome',
  intent: null,
  outcome: 'done',
  reason: null,
  count: 1,
};
const FACTS: readonly AuditFacts[] = [
  { ...AUDIT_FACTS, phase: 'intent', outcome: null, mailboxId: 3, mailboxHash: 'ab'.repeat(32) },
  { ...AUDIT_FACTS, intent: 1, mailboxId: 3, mailboxHash: 'ab'.repeat(32) },
  { ...AUDIT_FACTS, act: 'sign-in', who: 'ops', from: '192.0.2.7' },
  {
    ...AUDIT_FACTS,
    act: 'sign-in',
    who: 'nobody known',
    from: '192.0.2.8',
    outcome: 'refused',
    reason: 'X',
    count: 12,
  },
];

/** A short log: a removal with intent and outcome, a sign-in, and failed ones told together. */
export const AUDIT_SAMPLE: readonly AuditEntry[] = chained(FACTS);

/** The rows of a log that holds these facts. */
export function chained(all: readonly AuditFacts[]): AuditEntry[] {
  const rows: AuditEntry[] = [];
  for (const [at, facts] of all.entries())
    rows.push({ ...facts, seq: at + 1, hash: entryHash(at + 1, facts, rows.at(-1)?.hash ?? GENESIS) });
  return rows;
}
